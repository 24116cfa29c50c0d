/// Writes the fields of one protobuf message; the counterpart of `ProtobufReader`.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    /// A field with its default value is left out, as protobuf 3 has it.
    mutating func write(_ number: UInt64, _ value: UInt64) {
        guard value != 0 else { return }
        varint(number << 3)
        varint(value)
    }

    mutating func write(_ number: UInt64, _ value: some Collection<UInt8>) {
        guard !value.isEmpty else { return }
        varint(number << 3 | 2)
        varint(UInt64(value.count))
        bytes += value
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
