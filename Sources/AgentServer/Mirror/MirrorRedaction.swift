internal import RunnerProtocol

/// Takes secrets out of a line before it is kept.
///
/// By place: everything below `credentials` and `buildSecrets`, at any depth, also in batches. By shape: anything that looks like a
/// GitHub token, wherever it stands. A line that cannot be parsed is kept as text, cut by shape alone.
enum MirrorRedaction {
    private static let secretMembers: Set<String> = ["credentials", "buildSecrets"]
    private static let tokenPrefixes = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"]
    static let replacement = "<redacted>"

    static func redacted(_ line: [UInt8]) -> JSONValue {
        guard let value = try? JSONReader.parse(line) else {
            return .string(withoutTokens(String(decoding: line.prefix(64 << 10), as: UTF8.self)))
        }
        return redacted(value)
    }

    private static func redacted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): return .string(withoutTokens(text))
        case .array(let values): return .array(values.map(redacted))
        case .object(let object):
            var result = JSONObject()
            for member in object.members {
                let isSecret = secretMembers.contains(member.name)
                result.append(member.name, isSecret ? hidden(member.value) : redacted(member.value))
            }
            return .object(result)
        case .null, .bool, .number: return value
        }
    }

    /// The names stay, so that one sees what was given; no value does.
    private static func hidden(_ value: JSONValue) -> JSONValue {
        guard case .object(let object) = value else { return .string(replacement) }
        var result = JSONObject()
        for member in object.members { result.append(member.name, .string(replacement)) }
        return .object(result)
    }

    private static func withoutTokens(_ text: String) -> String {
        var rest = text[...]
        var result = ""
        while let found = tokenPrefixes.compactMap({ rest.firstRange(of: $0) }).min(by: {
            $0.lowerBound < $1.lowerBound
        }) {
            result += rest[..<found.lowerBound] + replacement
            rest = rest[found.upperBound...].drop { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        }
        return result + rest
    }
}
