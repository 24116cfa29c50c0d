/// Reads the fields of one protobuf message.
///
/// The wire format: <https://protobuf.dev/programming-guides/encoding/>. Groups, long gone, are refused.
struct ProtobufReader {
    enum Value {
        case varint(UInt64)
        case bytes(ArraySlice<UInt8>)
        /// A fixed-size number; no message of ours has one.
        case skipped
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// The next field; nil at the end of the message.
    mutating func next() throws(EngineError) -> (number: UInt64, value: Value)? {
        guard !rest.isEmpty else { return nil }
        let key = try varint()
        guard key >> 3 > 0 else { throw Self.malformed }
        switch key & 7 {
        case 0: return (key >> 3, .varint(try varint()))
        case 1: return (key >> 3, try skip(8))
        case 2: return (key >> 3, .bytes(try take(try varint())))
        case 5: return (key >> 3, try skip(4))
        default: throw Self.malformed
        }
    }

    private mutating func varint() throws(EngineError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { throw Self.malformed }
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw Self.malformed
    }

    private mutating func take(_ count: UInt64) throws(EngineError) -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else { throw Self.malformed }
        let taken = rest.prefix(Int(count))
        rest = rest.dropFirst(Int(count))
        return taken
    }

    private mutating func skip(_ count: UInt64) throws(EngineError) -> Value {
        _ = try take(count)
        return .skipped
    }

    private static let malformed = EngineError.badAnswer("a BuildKit trace in the engine's stream is malformed")
}
