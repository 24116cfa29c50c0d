import HTTPTransport

/// Makes text from outside fit for a message: no secrets, no control characters, a bounded length.
enum SafeText {
    static let characterLimit = 300

    /// Quotes what a person typed as an address, without what may hold a secret: all before an `@`, query and fragment.
    static func quote(_ text: String) -> String {
        var shown = text[...]
        var beginning = ""
        if let at = shown.utf8.lastIndex(of: UInt8(ascii: "@")) {
            let scheme = shown[..<at].byteRange(of: "://").map { shown[..<$0.upperBound] } ?? ""
            beginning = plain(scheme.utf8.count <= "url:https://".utf8.count ? scheme : "") + "…"
            shown = shown[at...]
        }
        let end = shown.utf8.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? shown.endIndex
        return "'" + beginning + plain(withoutTokenShapes(String(shown[..<end]))) + "'"
    }

    /// Cleans what a server said; `secrets` are removed by value, and whatever looks like a GitHub token by shape.
    static func remote(_ text: String, secrets: [String]) -> String {
        var shown = text
        for secret in secrets where !secret.isEmpty {
            for form in [secret, percentEncode(secret, allowed: .query)] { shown = shown.replacing(form, with: "…") }
        }
        return plain(withoutTokenShapes(shown))
    }

    /// Replaces control characters and bidirectional marks, and cuts at ``characterLimit``.
    static func plain(_ text: some StringProtocol) -> String {
        var result = ""
        for scalar in text.unicodeScalars.prefix(characterLimit) {
            result.unicodeScalars.append(isPrintable(scalar) ? scalar : "\u{FFFD}")
        }
        return text.unicodeScalars.count > characterLimit ? result + "…" : result
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate: false
        default: true
        }
    }

    /// Masks words that begin like GitHub's tokens, and the values of `token=` parameters.
    private static func withoutTokenShapes(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { word -> String in
            for prefix in ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "token="] {
                if let found = word.byteRange(of: prefix) { return word[..<found.upperBound] + "…" }
            }
            return String(word)
        }.joined(separator: " ")
    }
}
