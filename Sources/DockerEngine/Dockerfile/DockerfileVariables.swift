/// Values of the `ARG`s before the first `FROM`, and their use in a word.
struct DockerfileVariables {
    /// The longest value; a few `ARG`s that double each other could fill any memory.
    static let maxValueBytes = 4096

    private var values: [String: String]
    private let buildArgs: [String: String]
    private let escape: Character

    /// `platform` is `os/architecture[/variant]` and gives `TARGETPLATFORM` and its relatives.
    init(buildArgs: [String: String], platform: String?, escape: Character) {
        self.buildArgs = buildArgs
        self.escape = escape
        values = [:]
        guard let platform else { return }
        let parts = platform.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        for prefix in ["TARGET", "BUILD"] {
            values["\(prefix)PLATFORM"] = platform
            values["\(prefix)OS"] = parts[0]
            values["\(prefix)ARCH"] = parts.count > 1 ? parts[1] : ""
            values["\(prefix)VARIANT"] = parts.count > 2 ? parts[2] : ""
        }
        // The four that a build may set itself, if it builds for another platform.
        for (name, value) in buildArgs where values[name] != nil { values[name] = value }
    }

    /// Takes the arguments of one `ARG`: `NAME`, `NAME=value`, several of them.
    mutating func declare(_ arguments: String) {
        for word in words(arguments) {
            guard let equals = word.firstIndex(of: "=") else {
                if let value = buildArgs[word] { values[word] = value }
                continue
            }
            let name = String(word[..<equals])
            if let value = buildArgs[name] ?? expand(String(word[word.index(after: equals)...])) {
                values[name] = value
            }
        }
    }

    /// Splits at white space outside quotes; quotes and escapes are kept for `expand`.
    func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var quote: Character?
        var escaped = false
        for character in text {
            if escaped {
                escaped = false
            } else if character == escape, quote != "'" {
                escaped = true
            } else if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character.isWhitespace {
                if !word.isEmpty { words.append(word) }
                word = ""
                continue
            }
            word.append(character)
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    /// Replaces `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}`, and removes quotes.
    ///
    /// A variable that is not set is empty. Nil for what cannot be worked out, and for a value over the limit.
    func expand(_ word: String) -> String? {
        var expansion = Expansion(rest: Substring(word), escape: escape, values: values)
        return expansion.run(until: nil)
    }
}

/// One pass over a word.
private struct Expansion {
    /// The deepest `${A:-${B:-...}}`.
    static let maxDepth = 16

    var rest: Substring
    let escape: Character
    let values: [String: String]
    var depth = 0

    init(rest: Substring, escape: Character, values: [String: String]) {
        self.rest = rest
        self.escape = escape
        self.values = values
    }

    /// Expands up to the end of the word, or to the brace that ends a default value.
    mutating func run(until end: Character?) -> String? {
        var result = ""
        var quote: Character?
        while let character = rest.first {
            if quote == nil, character == end { return result }
            rest.removeFirst()
            switch character {
            case escape where quote != "'":
                if let next = rest.popFirst() { result.append(next) }
            case "\"" where quote != "'", "'" where quote != "\"":
                quote = quote == nil ? character : nil
            case "$" where quote != "'":
                guard let value = variable() else { return nil }
                result += value
            default:
                result.append(character)
            }
            guard result.utf8.count <= DockerfileVariables.maxValueBytes else { return nil }
        }
        return end == nil ? result : nil
    }

    /// What follows a `$`.
    private mutating func variable() -> String? {
        guard rest.first == "{" else {
            let name = takeName()
            return name.isEmpty ? "$" : values[name] ?? ""
        }
        rest.removeFirst()
        let name = takeName()
        guard !name.isEmpty, depth < Self.maxDepth else { return nil }
        let value = values[name]
        if rest.first == "}" {
            rest.removeFirst()
            return value ?? ""
        }
        let emptyCounts = rest.first != ":"
        if !emptyCounts { rest.removeFirst() }
        guard let operation = rest.popFirst(), "-+".contains(operation) else { return nil }
        depth += 1
        defer { depth -= 1 }
        guard let other = run(until: "}") else { return nil }
        rest.removeFirst()
        let isSet = value.map { emptyCounts || !$0.isEmpty } ?? false
        if operation == "-" { return isSet ? value : other }
        return isSet ? other : ""
    }

    private mutating func takeName() -> String {
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        rest = rest[name.endIndex...]
        return String(name)
    }
}
