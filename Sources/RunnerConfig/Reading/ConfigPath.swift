/// Where a value stands in a configuration: `runner.build.args.VERSION`, `runner.ports[0]`, `labels["a b"]`.
struct ConfigPath {
    private(set) var text = ""

    func appending(key: String) -> ConfigPath {
        guard Self.isPlain(key) else { return ConfigPath(text: "\(text)[\(quoted(key))]") }
        return ConfigPath(text: text.isEmpty ? key : "\(text).\(key)")
    }

    func appending(index: Int) -> ConfigPath {
        ConfigPath(text: "\(text)[\(index)]")
    }

    static func isPlain(_ key: String) -> Bool {
        (1...64).contains(key.utf8.count)
            && key.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
    }
}
