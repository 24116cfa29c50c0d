/// Why bytes are not the JSON this agent accepts, and where.
package struct JSONSyntaxError: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// The bytes are not RFC 8259 JSON in valid UTF-8.
        case syntax
        /// An object names a member twice.
        case duplicateKey
        /// Arrays and objects are nested deeper than the limit.
        case depth
    }

    package var kind: Kind
    /// The byte the reader stopped at, counted from 0.
    package var offset: Int
    /// What was wrong, in a few words; never holds input.
    package var reason: String

    package init(kind: Kind = .syntax, offset: Int, reason: String) {
        self.kind = kind
        self.offset = offset
        self.reason = reason
    }
}
