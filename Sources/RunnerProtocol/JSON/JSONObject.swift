/// The members of a JSON object in the order they were written.
///
/// Equality looks at the order too.
package struct JSONObject: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    package struct Member: Sendable, Hashable {
        package let name: String
        package var value: JSONValue
    }

    package private(set) var members: [Member]

    package init(_ members: [(String, JSONValue)] = []) {
        self.members = members.map { Member(name: $0.0, value: $0.1) }
    }

    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements)
    }

    package var count: Int { members.count }

    /// Adds a member at the end.
    ///
    /// The name must be new; the reader and our own encoders see to that.
    package mutating func append(_ name: String, _ value: JSONValue) {
        members.append(Member(name: name, value: value))
    }

    /// Adds a member at the end when there is a value.
    package mutating func append(_ name: String, ifPresent value: JSONValue?) {
        if let value { append(name, value) }
    }

    /// The value of the member with exactly this name, byte for byte.
    package subscript(_ name: String) -> JSONValue? {
        let wanted = name.utf8
        return members.first { $0.name.utf8.count == wanted.count && $0.name.utf8.elementsEqual(wanted) }?.value
    }
}
