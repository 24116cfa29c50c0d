/// One pattern of an ignore file.
///
/// Docker translates a pattern to a Go regular expression, with shortcuts that do not always agree with it. The steps
/// here are the same, so that the odd cases have the same answers.
struct IgnorePattern: Sendable {
    struct Fault: Error {
        let cause: String

        init(_ cause: String) {
            self.cause = cause
        }
    }

    /// A path with its scalars, which several patterns look at.
    struct Subject {
        let bytes: [UInt8]
        // Most patterns are decided by bytes alone.
        fileprivate lazy var scalars = goScalars(bytes)

        init(_ path: ArchivePath) {
            bytes = path.bytes
        }
    }

    private enum Match: Sendable {
        case exact([UInt8])
        /// A pattern that ends in `**` and has no other special character.
        case prefix([UInt8])
        /// A pattern that starts with `**` and has no other special character.
        case suffix([UInt8])
        case expression(PathExpression)
    }

    private let match: Match

    init(_ pattern: [UInt8]) throws(Fault) {
        try Self.checkSyntax(goScalars(pattern))
        match = try Self.translate(pattern)
    }

    /// Whether this pattern matches the path itself; the directories above it are the caller's to ask about.
    func matches(_ subject: inout Subject) -> Bool {
        switch match {
        case .exact(let text): return subject.bytes == text
        case .prefix(let text): return subject.bytes.starts(with: text)
        case .suffix(let text):
            if subject.bytes.ends(with: text) { return true }
            // "**/a" matches "a".
            return text.first == slash && subject.bytes.elementsEqual(text.dropFirst())
        case .expression(let expression):
            return subject.bytes.ends(with: expression.ending) && expression.matches(subject.scalars)
        }
    }

    /// Refuses what Go's `filepath.Match` calls a bad pattern: an open or empty class, a backslash at the end.
    private static func checkSyntax(_ pattern: [UInt32]) throws(Fault) {
        var rest = pattern[...]
        while let scalar = rest.popFirst() {
            if scalar == code("\\") {
                guard rest.popFirst() != nil else { throw Fault("it ends in a backslash") }
            } else if scalar == code("[") {
                if rest.first == code("^") { rest.removeFirst() }
                var ranges = 0
                while rest.first != code("]") || ranges == 0 {
                    try skipClassEnd(&rest)
                    if rest.first == code("-") {
                        rest.removeFirst()
                        try skipClassEnd(&rest)
                    }
                    ranges += 1
                }
                rest.removeFirst()
            }
        }
    }

    /// One end of a range in a class, after which the class must go on.
    private static func skipClassEnd(_ rest: inout ArraySlice<UInt32>) throws(Fault) {
        guard let scalar = rest.popFirst(), scalar != code("-"), scalar != code("]") else {
            throw Fault("it has a malformed [...] class")
        }
        if scalar == code("\\") { _ = rest.popFirst() }
        guard !rest.isEmpty else { throw Fault("it has a [...] class without an end") }
    }

    private static func translate(_ pattern: [UInt8]) throws(Fault) -> Match {
        enum Shape {
            case exact, prefix, suffix, expression
        }
        var shape = Shape.exact
        var expression = [code("^")]
        var rest = goScalars(pattern)[...]
        var isFirst = true
        while let scalar = rest.popFirst() {
            switch scalar {
            case code("*") where rest.first == code("*"):
                rest.removeFirst()
                // "**/" is "**".
                if rest.first == code("/") { rest.removeFirst() }
                if !rest.isEmpty {
                    expression += codes("(.*/)?")
                    shape = .expression
                } else if shape == .exact {
                    shape = .prefix
                } else {
                    expression += codes(".*")
                    shape = .expression
                }
                if isFirst { shape = .suffix }
            case code("*"):
                expression += codes("[^/]*")
                shape = .expression
            case code("?"):
                expression += codes("[^/]")
                shape = .expression
            case code("\\"):
                expression.append(scalar)
                if let next = rest.popFirst() {
                    expression.append(next)
                    shape = .expression
                }
            case code("["), code("]"):
                expression.append(scalar)
                shape = .expression
            default:
                if codes(".+()|{}$").contains(scalar) { expression.append(code("\\")) }
                expression.append(scalar)
            }
            isFirst = false
        }
        switch shape {
        case .exact: return .exact(pattern)
        case .prefix: return .prefix(Array(pattern.dropLast(2)))
        case .suffix: return .suffix(Array(pattern.dropFirst(2)))
        case .expression: return .expression(try PathExpression(expression + [code("$")]))
        }
    }
}

/// The scalars of `bytes` as Go decodes them: U+FFFD for each byte that is not UTF-8.
private func goScalars(_ bytes: [UInt8]) -> [UInt32] {
    var scalars: [UInt32] = []
    scalars.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count { scalars.append(nextScalar(in: bytes, at: &index)?.value ?? 0xFFFD) }
    return scalars
}

extension [UInt8] {
    fileprivate func ends(with text: [UInt8]) -> Bool {
        count >= text.count && suffix(text.count).elementsEqual(text)
    }
}

func code(_ character: Unicode.Scalar) -> UInt32 { character.value }

func codes(_ text: StaticString) -> [UInt32] {
    text.description.unicodeScalars.map(\.value)
}
