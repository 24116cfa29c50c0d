/// Finds the JSON objects in a stream of them.
///
/// Docker separates objects with CR LF, Podman with LF, `application/json-seq` with RS, and any of them may cut an object
/// at any byte or send several at once; so brackets are counted, and separators mean nothing.
struct JSONObjectSplitter {
    /// The largest object accepted: a BuildKit trace holds up to 2 MiB of one step's output in base64.
    static let maxObjectBytes = 16 << 20

    private var partial: [UInt8] = []
    private var depth = 0
    private var inString = false
    private var escaped = false

    /// Whether the bytes so far end inside an object.
    var isInsideObject: Bool { depth > 0 }

    /// Takes the next bytes and returns the objects that are complete with them.
    ///
    /// Throws for a byte between objects that is no separator, and for an object over the limit.
    mutating func push(_ bytes: [UInt8]) throws(EngineError) -> [[UInt8]] {
        var objects: [[UInt8]] = []
        var start = 0
        for index in bytes.indices {
            let byte = bytes[index]
            if depth == 0 {
                switch byte {
                case UInt8(ascii: "{"):
                    depth = 1
                    start = index
                case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"), 0x1e:
                    break
                default:
                    throw .badAnswer("the engine's stream has something else than JSON objects in it")
                }
            } else if closes(byte) {
                objects.append(partial + bytes[start...index])
                partial.removeAll()
            }
        }
        if depth > 0 { partial += bytes[start...] }
        guard partial.count <= Self.maxObjectBytes else {
            throw .badAnswer("the engine's stream has an object over \(Self.maxObjectBytes) bytes")
        }
        return objects
    }

    /// Takes one byte inside an object; true when it ends the object.
    private mutating func closes(_ byte: UInt8) -> Bool {
        if inString {
            if escaped {
                escaped = false
            } else if byte == UInt8(ascii: "\\") {
                escaped = true
            } else if byte == UInt8(ascii: "\"") {
                inString = false
            }
            return false
        }
        switch byte {
        case UInt8(ascii: "\""): inString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            return depth == 0
        default: break
        }
        return false
    }
}
