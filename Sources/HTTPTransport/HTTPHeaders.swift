/// Header fields in the order they were added or received.
///
/// Names compare without regard to ASCII case; a name may occur more than once.
package struct HTTPHeaders: Sendable {
    /// Every field, in order.
    package private(set) var entries: [(name: String, value: String)]

    package init(_ entries: [(name: String, value: String)] = []) {
        self.entries = entries
    }

    /// The value of the first field with this name.
    package subscript(name: String) -> String? {
        entries.first { Self.areEqual($0.name, name) }?.value
    }

    /// The values of all fields with this name, in order.
    package func all(_ name: String) -> [String] {
        entries.filter { Self.areEqual($0.name, name) }.map(\.value)
    }

    /// Replaces every field with this name by one.
    package mutating func set(_ name: String, _ value: String) {
        entries.removeAll { Self.areEqual($0.name, name) }
        entries.append((name, value))
    }

    /// Adds a field and keeps those with the same name.
    package mutating func add(_ name: String, _ value: String) {
        entries.append((name, value))
    }

    /// Joins a folded line to the field before it (RFC 9112, 5.2).
    mutating func extendLast(with continuation: String) {
        guard !entries.isEmpty else { return }
        entries[entries.count - 1].value += " " + continuation
    }

    private static func areEqual(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count
            && zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
