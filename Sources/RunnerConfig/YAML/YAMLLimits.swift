/// The limits of one YAML text.
///
/// libyaml 0.2.5 has none of its own, and its time grows with the square of the nesting.
struct YAMLLimits: Sendable {
    /// Bytes of the whole text.
    var textBytes = 64 * 1024
    /// Collections inside collections, aliases counted as what they stand for.
    var depth = 32
    /// Parser events, and separately the nodes of the tree after every alias has been followed.
    var events = 10_000
    /// Bytes of one scalar.
    var scalarBytes = 16 * 1024
    /// Uses of an anchor.
    var aliases = 64

    static let standard = YAMLLimits()
}
