/// How one gRPC call ends: <https://grpc.github.io/grpc/core/md_doc_statuscodes.html>.
struct GRPCStatus: Hashable {
    static let cancelled = GRPCStatus(code: 1, message: "the build has ended")
    static let invalidArgument = GRPCStatus(code: 3, message: "the request cannot be read")
    static let notFound = GRPCStatus(code: 5, message: "not found")
    static let tooMuch = GRPCStatus(code: 8, message: "too many requests, or one that is too large")
    static let unimplemented = GRPCStatus(code: 12, message: "not offered by this session")

    let code: Int
    /// Printable ASCII without `%`, which is what a header may hold as it is.
    let message: String
}

/// The five bytes before each message of a gRPC call.
///
/// The wire: <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>. Only whole, uncompressed messages occur: nobody
/// has told the caller that others are understood.
enum GRPCFraming {
    static let prefixLength = 5

    /// The only message of a call's whole body; nil when there is not exactly one.
    static func message(in body: [UInt8]) -> ArraySlice<UInt8>? {
        guard body.count >= prefixLength, body[0] == 0 else { return nil }
        let length = body[1..<prefixLength].reduce(0) { $0 << 8 | Int($1) }
        guard length == body.count - prefixLength else { return nil }
        return body[prefixLength...]
    }

    static func framed(_ message: [UInt8]) -> [UInt8] {
        let length = UInt32(message.count)
        return [0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + message
    }
}
