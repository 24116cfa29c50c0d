/// A part of a YAML document.
struct YAMLNode {
    enum Content {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
    }

    var content: Content
    /// Where it begins; for the use of an anchor, where it is used.
    var mark: YAMLMark
    /// Nodes in this subtree, itself included.
    ///
    /// Shared subtrees count each time they are used.
    var size: Int
    /// Levels of collections in this subtree: 0 for a scalar.
    var height: Int

    /// What kind of thing this is, for a message: "a list".
    var kindName: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .scalar(let scalar):
            switch scalar.value {
            case .null: "null"
            case .bool: "a boolean"
            case .number: "a number"
            case .string: "a string"
            }
        }
    }

    var isNull: Bool {
        if case .scalar(let scalar) = content { scalar.value == .null } else { false }
    }
}

/// One key of a mapping with its value.
struct YAMLEntry {
    /// The key's text as written, whatever type it would resolve to.
    var key: String
    var keyMark: YAMLMark
    var value: YAMLNode
}
