/// A collection that is still being read.
struct YAMLFrame {
    /// What is wrong with a node as a key; the node is taken in all the same, and its value dropped.
    enum KeyProblem {
        case duplicateKey(String)
        case keyIsCollection
    }

    private enum Key {
        case missing
        case text(String, YAMLMark)
        /// A key that cannot be used: its value is read and dropped.
        case unusable(String?)
    }

    let mark: YAMLMark
    let anchor: String?
    private let isMapping: Bool
    private var items: [YAMLNode] = []
    private var entries: [YAMLEntry] = []
    private var names: Set<String> = []
    private var key = Key.missing
    private var size = 1
    private var height = 0

    init(isMapping: Bool, anchor: String?, mark: YAMLMark) {
        self.isMapping = isMapping
        self.anchor = anchor
        self.mark = mark
    }

    var node: YAMLNode {
        YAMLNode(content: isMapping ? .mapping(entries) : .sequence(items), mark: mark, size: size, height: height + 1)
    }

    /// Takes the next node: an item, or in turn a key and its value.
    mutating func append(_ node: YAMLNode) -> KeyProblem? {
        size += node.size
        height = max(height, node.height)
        guard isMapping else {
            items.append(node)
            return nil
        }
        switch key {
        case .missing: return setKey(node)
        case .text(let text, let mark): entries.append(YAMLEntry(key: text, keyMark: mark, value: node))
        case .unusable: break
        }
        key = .missing
        return nil
    }

    private mutating func setKey(_ node: YAMLNode) -> KeyProblem? {
        guard case .scalar(let scalar) = node.content else {
            key = .unusable(nil)
            return .keyIsCollection
        }
        guard names.insert(scalar.text).inserted else {
            key = .unusable(scalar.text)
            return .duplicateKey(scalar.text)
        }
        key = .text(scalar.text, node.mark)
        return nil
    }

    /// The path of what is read next in this collection, itself at `path`.
    func location(in path: ConfigPath) -> ConfigPath {
        guard isMapping else { return path.appending(index: items.count) }
        switch key {
        case .text(let text, _), .unusable(.some(let text)): return path.appending(key: text)
        case .missing, .unusable(.none): return path
        }
    }
}
