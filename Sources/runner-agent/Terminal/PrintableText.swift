/// Text from components, repositories and engines, made safe for a terminal.
///
/// Left out are escape sequences (ECMA-48), the control characters of C0 and C1 but the tab, DEL, and the characters that change
/// the direction of what follows: https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters.
enum PrintableText {
    /// The text on one line; each newline becomes a space.
    static func line(_ text: String) -> String {
        // Almost all text is plain.
        guard text.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F }) else { return text }
        var kept = String.UnicodeScalarView()
        var rest = Substring(text).unicodeScalars
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\u{1B}": rest = afterEscape(rest)
            case "\n", "\u{2028}", "\u{2029}": kept.append(" ")
            case "\t": kept.append(scalar)
            case "\u{00}"..."\u{1F}", "\u{7F}"..."\u{9F}": continue
            case "\u{61C}", "\u{200E}", "\u{200F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": continue
            default: kept.append(scalar)
            }
        }
        return String(kept)
    }

    /// Each line of the text on its own.
    static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line(String($0)) }
    }

    /// What follows an escape sequence whose ESC has been taken; all of it when the sequence has no end.
    private static func afterEscape(_ rest: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        switch rest.first {
        case "["?:
            // Control sequence: parameters, then one final character.
            let final = rest.dropFirst().firstIndex { !(" "..."?").contains($0) }
            guard let final, ("@"..."~").contains(rest[final]) else { return rest.dropFirst() }
            return rest[final...].dropFirst()
        case "]"?, "P"?, "_"?, "^"?, "X"?:
            // A string, such as a window title: up to BEL or ESC \.
            guard let end = rest.firstIndex(where: { $0 == "\u{07}" || $0 == "\u{1B}" }) else {
                return rest.dropFirst()
            }
            let after = rest[end...].dropFirst()
            return rest[end] == "\u{1B}" && after.first == "\\" ? after.dropFirst() : after
        case let next? where (" "..."/").contains(next):
            return rest.drop { (" "..."/").contains($0) }.dropFirst()
        case let next? where ("0"..."~").contains(next):
            return rest.dropFirst()
        default:
            return rest
        }
    }
}
