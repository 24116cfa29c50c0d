/// Builds the tree of one document from libyaml's events, without recursion and within ``YAMLLimits``.
///
/// Bad syntax, a limit and a second document end the reading. Duplicate keys, unusable keys, tags that do not fit and
/// NULs are reported and the rest is still read, so that one look shows every problem.
struct YAMLComposer {
    private enum Anchor {
        /// Its node is still being read: using it now would be a cycle.
        case open
        case complete(YAMLNode)
    }

    private let limits: YAMLLimits
    private let report: ConfigReport
    private var stack: [YAMLFrame] = []
    private var anchors: [String: Anchor] = [:]
    private var aliases = 0
    /// Nodes that aliases stand for, counted at each use.
    private var expandedNodes = 0
    private var root: YAMLNode?

    private init(limits: YAMLLimits, report: ConfigReport) {
        self.limits = limits
        self.report = report
    }

    /// Reads a text of one document; nil when it holds no document, or when the problems are in `report`.
    static func compose(_ text: [UInt8], limits: YAMLLimits = .standard, report: ConfigReport) -> YAMLNode? {
        var composer = YAMLComposer(limits: limits, report: report)
        do {
            let json = JSONText(try YAMLEncoding.text(text, limits: limits))
            report.originalMark = json.mark
            try composer.run(json.yaml)
        } catch {
            report.error(error.mark, path: "", error.message)
            return nil
        }
        return composer.root
    }

    private mutating func run(_ text: [UInt8]) throws(YAMLSyntaxError) {
        var parser = try YAMLEventParser(text)
        var documents = 0
        for _ in 0..<limits.events {
            let event = try parser.next()
            switch event.kind {
            case .streamEnd: return
            case .streamStart, .documentEnd: break
            case .documentStart(let version):
                documents += 1
                guard documents == 1 else {
                    throw YAMLSyntaxError(
                        mark: event.mark, message: "a second document begins here; only one is accepted")
                }
                if let version, version == (1, 1) {
                    report.warning(
                        event.mark, path: "", "%YAML 1.1 has no effect: values are read by the rules of YAML 1.2")
                }
            case .alias(let name): try alias(name, mark: event.mark)
            case .scalar(let text, let isPlain, let anchor, let tag):
                try scalar(text, isPlain: isPlain, anchor: anchor, tag: tag, mark: event.mark)
            case .sequenceStart(let anchor, let tag):
                if !YAMLTag.isSequence(tag) { fail(event.mark, YAMLTag.problem) }
                try open(YAMLFrame(isMapping: false, anchor: anchor, mark: event.mark))
            case .mappingStart(let anchor, let tag):
                if !YAMLTag.isMapping(tag) { fail(event.mark, YAMLTag.problem) }
                try open(YAMLFrame(isMapping: true, anchor: anchor, mark: event.mark))
            case .collectionEnd:
                guard let frame = stack.popLast() else { break }
                append(frame.node, anchor: frame.anchor)
            }
        }
        throw YAMLSyntaxError(
            mark: stack.last?.mark ?? .start, message: "the text has more than \(limits.events) parts")
    }

    private mutating func open(_ frame: YAMLFrame) throws(YAMLSyntaxError) {
        guard stack.count < limits.depth else { throw tooDeep(frame.mark) }
        if let anchor = frame.anchor { anchors[anchor] = .open }
        stack.append(frame)
    }

    private mutating func scalar(
        _ text: String, isPlain: Bool, anchor: String?, tag: String?, mark: YAMLMark
    ) throws(YAMLSyntaxError) {
        guard text.utf8.count <= limits.scalarBytes else {
            throw YAMLSyntaxError(mark: mark, message: "a value is longer than \(limits.scalarBytes) bytes")
        }
        if text.utf8.contains(0) { fail(mark, "a NUL character is not accepted") }
        let value = YAMLTag.value(of: text, isPlain: isPlain, tag: tag)
        if value == nil { fail(mark, YAMLTag.problem) }
        let scalar = YAMLScalar(text: text, value: value ?? .string(text))
        append(YAMLNode(content: .scalar(scalar), mark: mark, size: 1, height: 0), anchor: anchor)
    }

    private mutating func alias(_ name: String, mark: YAMLMark) throws(YAMLSyntaxError) {
        aliases += 1
        guard aliases <= limits.aliases else {
            throw YAMLSyntaxError(mark: mark, message: "more than \(limits.aliases) aliases")
        }
        switch anchors[name] {
        case .none: throw YAMLSyntaxError(mark: mark, message: "no anchor &\(name) stands before this alias")
        case .open: throw YAMLSyntaxError(mark: mark, message: "the anchor &\(name) contains itself")
        case .complete(var node):
            expandedNodes += node.size
            guard expandedNodes <= limits.events else {
                throw YAMLSyntaxError(mark: mark, message: "aliases stand for more than \(limits.events) values")
            }
            guard stack.count + node.height <= limits.depth else { throw tooDeep(mark) }
            node.mark = mark
            append(node, anchor: nil)
        }
    }

    /// Puts a finished node where it belongs: the root, an item, a key or a value.
    private mutating func append(_ node: YAMLNode, anchor: String?) {
        if let anchor { anchors[anchor] = .complete(node) }
        guard var frame = stack.popLast() else {
            root = node
            return
        }
        let problem = frame.append(node)
        stack.append(frame)
        switch problem {
        case .none: break
        case .duplicateKey(let key): fail(node.mark, "the key \(quoted(key)) is already given above")
        case .keyIsCollection: fail(node.mark, "a key must be a word, not \(node.kindName)")
        }
    }

    private var path: ConfigPath {
        stack.reduce(ConfigPath()) { $1.location(in: $0) }
    }

    private func fail(_ mark: YAMLMark, _ message: String) {
        report.error(mark, path: path.text, message)
    }

    private func tooDeep(_ mark: YAMLMark) -> YAMLSyntaxError {
        YAMLSyntaxError(mark: mark, message: "nested deeper than \(limits.depth) levels")
    }
}
