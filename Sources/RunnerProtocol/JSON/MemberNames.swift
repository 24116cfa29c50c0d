/// The member names of one object met so far, to find a repeated one.
///
/// The first few unescaped names are compared in place, without allocation: that is every object of ordinary traffic.
/// Beyond, names go to a set, whose hashing is seeded, so that no crafted object costs quadratic time. Names are compared
/// as bytes after unescaping; `String` would take canonically equivalent names for the same.
struct MemberNames {
    private static let inlineCapacity = 8

    private var inline = InlineArray<8, StringToken>(repeating: StringToken(start: 0, end: 0, isEscaped: false))
    private var count = 0
    private var overflow: Set<[UInt8]> = []

    /// Remembers a name; false when the object already has it.
    mutating func insert(_ name: StringToken, _ bytes: Span<UInt8>) -> Bool {
        if overflow.isEmpty, !name.isEscaped, count < Self.inlineCapacity {
            for index in 0..<count where Self.areEqual(inline[index], name, bytes) {
                return false
            }
            inline[count] = name
            count += 1
            return true
        }
        if overflow.isEmpty {
            for index in 0..<count { overflow.insert(inline[index].unescaped(bytes)) }
        }
        return overflow.insert(name.unescaped(bytes)).inserted
    }

    private static func areEqual(_ left: StringToken, _ right: StringToken, _ bytes: Span<UInt8>) -> Bool {
        let count = left.end - left.start
        guard count == right.end - right.start else { return false }
        for index in 0..<count where bytes[left.start + index] != bytes[right.start + index] {
            return false
        }
        return true
    }
}
