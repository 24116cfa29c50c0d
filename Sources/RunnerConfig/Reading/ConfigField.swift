/// A value at its key, and the ways to read it.
///
/// Each reader gives nil after it has reported what is wrong, so that reading goes on to the next key.
struct ConfigField {
    let node: YAMLNode
    let path: ConfigPath
    let report: ConfigReport

    func fail(_ message: @autoclosure () -> String) {
        report.error(node.mark, path: path.text, message())
    }

    func warn(_ message: @autoclosure () -> String) {
        report.warning(node.mark, path: path.text, message())
    }

    /// A mapping that knows exactly these keys; others are warned about.
    func mapping(_ keys: [String]) -> ConfigMapping? {
        guard case .mapping(let entries) = node.content else {
            fail("must be a mapping with the keys \(keys.joined(separator: ", ")), not \(node.kindName)")
            return nil
        }
        return ConfigMapping(entries: entries, keys: keys, owner: self)
    }

    /// A mapping whose keys are the user's, in the order of the text; null is an empty one.
    func entries(limit: Int) -> [(name: ConfigKey, value: ConfigField)]? {
        if node.isNull { return [] }
        guard case .mapping(let entries) = node.content else {
            fail("must be a mapping of names to values, not \(node.kindName)")
            return nil
        }
        guard entries.count <= limit else {
            fail("has \(entries.count) entries; at most \(limit) are accepted")
            return nil
        }
        return entries.map { entry in
            let path = path.appending(key: entry.key)
            let key = ConfigKey(text: entry.key, mark: entry.keyMark, path: path, report: report)
            return (key, ConfigField(node: entry.value, path: path, report: report))
        }
    }

    /// The items of a list; null is an empty one.
    func items(limit: Int) -> [ConfigField]? {
        if node.isNull { return [] }
        guard case .sequence(let nodes) = node.content else {
            fail("must be a list, not \(node.kindName)")
            return nil
        }
        guard nodes.count <= limit else {
            fail("has \(nodes.count) items; at most \(limit) are accepted")
            return nil
        }
        return nodes.enumerated().map { index, node in
            ConfigField(node: node, path: path.appending(index: index), report: report)
        }
    }

    /// The scalar here, or nil after saying what `expected` is.
    func scalar(_ expected: String) -> YAMLScalar? {
        if case .scalar(let scalar) = node.content { return scalar }
        fail("must be \(expected), not \(node.kindName)")
        return nil
    }

    func string(_ expected: String = "a string") -> String? {
        guard let scalar = scalar(expected) else { return nil }
        if case .string(let text) = scalar.value { return text }
        fail("must be \(expected), not \(node.kindName)\(node.isNull ? "" : "; quotes make it a string")")
        return nil
    }

    /// A string that `read` understands.
    func text<Value>(_ expected: String, _ read: (String) throws(ConfigValueError) -> Value) -> Value? {
        guard let text = string(expected) else { return nil }
        return attempt { () throws(ConfigValueError) in try read(text) }
    }

    /// A string or a number, by the text it was written with, that `read` understands.
    func textOrNumber<Value>(_ expected: String, _ read: (String) throws(ConfigValueError) -> Value) -> Value? {
        guard let scalar = scalar(expected) else { return nil }
        switch scalar.value {
        case .string(let text): return attempt { () throws(ConfigValueError) in try read(text) }
        case .number(let number):
            return attempt { () throws(ConfigValueError) in try read(number.javaScriptText) }
        case .null, .bool:
            fail("must be \(expected), not \(node.kindName)")
            return nil
        }
    }

    func bool() -> Bool? {
        guard let scalar = scalar("true or false") else { return nil }
        if case .bool(let value) = scalar.value { return value }
        fail("must be true or false, not \(node.kindName)")
        return nil
    }

    func integer(in range: ClosedRange<Int>) -> Int? {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let scalar = scalar(expected) else { return nil }
        guard case .number(let number) = scalar.value else {
            fail("must be \(expected), not \(node.kindName)")
            return nil
        }
        guard let value = number.wholeNumber, range.contains(value) else {
            fail("must be \(expected)")
            return nil
        }
        return value
    }

    func duration(in range: ClosedRange<Duration>) -> Duration? {
        textOrNumber("a duration such as 30s") { text throws(ConfigValueError) in
            let value = try DurationText.parse(text)
            guard range.contains(value) else {
                let bounds = "\(DurationText.text(range.lowerBound)) to \(DurationText.text(range.upperBound))"
                throw ConfigValueError("must be from \(bounds)")
            }
            return value
        }
    }

    func byteSize(in range: ClosedRange<Int64>) -> Int64? {
        textOrNumber("a size such as 512m") { text throws(ConfigValueError) in
            let value = try ByteSizeText.parse(text)
            guard range.contains(value) else {
                let bounds = "\(ByteSizeText.text(range.lowerBound)) to \(ByteSizeText.text(range.upperBound))"
                throw ConfigValueError("must be from \(bounds)")
            }
            return value
        }
    }

    private func attempt<Value>(_ read: () throws(ConfigValueError) -> Value) -> Value? {
        do {
            return try read()
        } catch {
            fail(error.message)
            return nil
        }
    }
}
