/// The records of one pax extended header that matter here, all of them checked.
///
/// POSIX.1-2001 `pax`: `LENGTH KEY=VALUE\n`, where LENGTH counts the whole record. Other keys are dropped; sparse files
/// are refused.
struct PaxRecords {
    private(set) var path: [UInt8]?
    private(set) var linkPath: [UInt8]?
    private(set) var size: Int64?
    private(set) var comment: [UInt8]?

    /// - Parameter isGlobal: a `g` header, which may not name or size the members after it.
    init(parsing payload: [UInt8], isGlobal: Bool) throws(TarFieldFault) {
        var rest = payload[...]
        while !rest.isEmpty {
            let record = try Self.nextRecord(&rest)
            guard let equals = record.firstIndex(of: UInt8(ascii: "=")), equals > record.startIndex else {
                throw TarFieldFault("a pax record has no key")
            }
            let key = record[..<equals]
            guard !key.contains(0) else { throw TarFieldFault("a pax key has a NUL byte") }
            try take(String(decoding: key, as: UTF8.self), record[(equals + 1)...], isGlobal: isGlobal)
        }
    }

    private static func nextRecord(_ rest: inout ArraySlice<UInt8>) throws(TarFieldFault) -> ArraySlice<UInt8> {
        // No payload is over 1 MiB: seven digits are enough, and cannot overflow.
        let digits = rest.prefix(8).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let length = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        guard let first = digits.first, first != UInt8(ascii: "0"), digits.count < 8,
            length > digits.count + 1, length <= rest.count,
            rest[digits.endIndex] == blank, rest[rest.startIndex + length - 1] == UInt8(ascii: "\n")
        else { throw TarFieldFault("a pax record has a wrong length") }
        let record = rest[(digits.endIndex + 1)..<(rest.startIndex + length - 1)]
        rest = rest[(rest.startIndex + length)...]
        return record
    }

    private mutating func take(
        _ key: String, _ value: ArraySlice<UInt8>, isGlobal: Bool
    ) throws(TarFieldFault) {
        switch key {
        case "path", "linkpath", "size":
            guard !isGlobal else { throw TarFieldFault("a global pax header sets '\(key)'") }
            // A reader that cuts at a NUL, or takes an empty value for "none", would see another name.
            guard !value.isEmpty, !value.contains(0) else {
                throw TarFieldFault("the pax '\(key)' is empty or has a NUL")
            }
        case "comment":
            comment = Array(value)
            return
        default:
            guard !key.hasPrefix("GNU.sparse.") else {
                throw TarFieldFault("sparse files are not accepted", code: .unsafe)
            }
            return
        }
        switch key {
        case "path":
            try Self.set(&path, Array(value), key)
        case "linkpath":
            try Self.set(&linkPath, Array(value), key)
        default:
            try Self.set(&size, Self.decimal(value), key)
        }
    }

    private static func set<Value>(_ field: inout Value?, _ value: Value, _ key: String) throws(TarFieldFault) {
        guard field == nil else { throw TarFieldFault("the pax header sets '\(key)' twice") }
        field = value
    }

    private static func decimal(_ text: ArraySlice<UInt8>) throws(TarFieldFault) -> Int64 {
        guard text.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let value = Int64(String(decoding: text, as: UTF8.self))
        else { throw TarFieldFault("the pax 'size' is not a decimal number") }
        return value
    }
}
