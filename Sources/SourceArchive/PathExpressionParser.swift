/// Parses the expressions that ``IgnorePattern`` makes, with Go's rules where a pattern's own characters reach them.
struct PathExpressionParser {
    private var rest: ArraySlice<UInt32>
    private var steps: [PathExpression.Step] = []

    init(_ expression: [UInt32]) {
        rest = expression[...]
    }

    mutating func parse() throws(IgnorePattern.Fault) -> [PathExpression.Step] {
        while let scalar = rest.popFirst() {
            switch scalar {
            case code("^"): steps.append(.start)
            case code("$"): steps.append(.end)
            case code("("): anyDirectories()
            case code("."): try append(.anyButNewline)
            case code("["): try append(try parseClass())
            case code("\\"): try appendEscape()
            default: try append(ScalarSet(ranges: [scalar...scalar]))
            }
        }
        return steps
    }

    /// `(.*/)?`: the only group there is.
    private mutating func anyDirectories() {
        rest = rest.dropFirst(codes(".*/)?").count)
        steps += [
            .optional(count: 2), .zeroOrMore(.anyButNewline), .one(ScalarSet(ranges: [code("/")...code("/")])),
        ]
    }

    private mutating func append(_ set: ScalarSet) throws(IgnorePattern.Fault) {
        guard rest.first == code("*") else {
            steps.append(.one(set))
            return
        }
        rest.removeFirst()
        steps.append(.zeroOrMore(set))
    }

    private mutating func appendEscape() throws(IgnorePattern.Fault) {
        guard let letter = rest.popFirst() else { throw IgnorePattern.Fault("it ends in a backslash") }
        switch letter {
        case code("A"): steps.append(.start)
        case code("z"): steps.append(.end)
        case code("b"): steps.append(.wordBoundary(true))
        case code("B"): steps.append(.wordBoundary(false))
        default:
            if let set = Self.namedSet(letter) {
                try append(set)
            } else {
                let scalar = try Self.escaped(letter)
                try append(ScalarSet(ranges: [scalar...scalar]))
            }
        }
    }

    private static func namedSet(_ letter: UInt32) -> ScalarSet? {
        let sets: [UInt32: ScalarSet] = [code("d"): .digit, code("s"): .space, code("w"): .word]
        if let set = sets[letter] { return set }
        guard var set = sets[letter | 0x20], letter < 0x80 else { return nil }
        set.isNegated = true
        return set
    }

    private static func escaped(_ letter: UInt32) throws(IgnorePattern.Fault) -> UInt32 {
        switch letter {
        case code("a"): return 0x07
        case code("f"): return 0x0C
        case code("n"): return 0x0A
        case code("r"): return 0x0D
        case code("t"): return 0x09
        case code("v"): return 0x0B
        default: break
        }
        let isAlphanumeric = letter < 0x80 && ScalarSet.word.contains(letter) && letter != code("_")
        guard letter < 0x80, !isAlphanumeric else {
            throw IgnorePattern.Fault("a backslash before this letter or digit has no meaning that Docker accepts")
        }
        return letter
    }

    private mutating func parseClass() throws(IgnorePattern.Fault) -> ScalarSet {
        var set = ScalarSet(ranges: [])
        if rest.first == code("^") {
            rest.removeFirst()
            set.isNegated = true
        }
        var isFirst = true
        while let scalar = rest.first, scalar != code("]") || isFirst {
            isFirst = false
            if let named = try takeNamedSet() {
                set.insert(named)
                continue
            }
            let low = try classScalar()
            var high = low
            if rest.first == code("-"), let after = rest.dropFirst().first, after != code("]") {
                rest.removeFirst()
                high = try classScalar()
            }
            guard low <= high else { throw IgnorePattern.Fault("it has a range that runs backwards in a [...] class") }
            set.ranges.append(low...high)
        }
        guard rest.popFirst() != nil else { throw IgnorePattern.Fault("it has a [...] class without an end") }
        return set
    }

    private mutating func classScalar() throws(IgnorePattern.Fault) -> UInt32 {
        guard let scalar = rest.popFirst() else { throw IgnorePattern.Fault("it has a [...] class without an end") }
        guard scalar == code("\\") else { return scalar }
        guard let letter = rest.popFirst() else { throw IgnorePattern.Fault("it ends in a backslash") }
        return try Self.escaped(letter)
    }

    /// `\d` and its like, or `[:alpha:]`, inside a class.
    private mutating func takeNamedSet() throws(IgnorePattern.Fault) -> ScalarSet? {
        if rest.first == code("\\"), let letter = rest.dropFirst().first, let set = Self.namedSet(letter) {
            rest = rest.dropFirst(2)
            return set
        }
        guard rest.starts(with: codes("[:")) else { return nil }
        var name: [UInt32] = []
        var tail = rest.dropFirst(2)
        while let scalar = tail.first, !tail.starts(with: codes(":]")) {
            name.append(scalar)
            tail.removeFirst()
        }
        // Without ":]" the bracket is only a bracket.
        guard !tail.isEmpty else { return nil }
        let isNegated = name.first == code("^")
        let key = String(
            String.UnicodeScalarView((isNegated ? name.dropFirst() : name[...]).compactMap(Unicode.Scalar.init)))
        guard let ranges = Self.namedClasses[key] else {
            throw IgnorePattern.Fault("it has an unknown [:...:] class")
        }
        rest = tail.dropFirst(2)
        return ScalarSet(ranges: ranges, isNegated: isNegated)
    }

    private static let namedClasses: [String: [ClosedRange<UInt32>]] = [
        "alnum": [0x30...0x39, 0x41...0x5A, 0x61...0x7A], "alpha": [0x41...0x5A, 0x61...0x7A],
        "ascii": [0x00...0x7F], "blank": [0x09...0x09, 0x20...0x20], "cntrl": [0x00...0x1F, 0x7F...0x7F],
        "digit": [0x30...0x39], "graph": [0x21...0x7E], "lower": [0x61...0x7A], "print": [0x20...0x7E],
        "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E], "space": [0x09...0x0D, 0x20...0x20],
        "upper": [0x41...0x5A], "word": ScalarSet.word.ranges, "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66],
    ]
}
