internal import RunnerProtocol

/// Lines read ahead of their turn, oldest first: while too many requests run, only a cancel among what follows can help.
struct HeldLines {
    /// Beyond this nothing more is read until a request has been answered.
    static let limitBytes = 256 << 10
    /// A longer line is no cancel.
    private static let cancelBytes = 1_024

    private var lines: ArraySlice<FramedLine> = []
    private(set) var bytes = 0

    var isFull: Bool { bytes >= Self.limitBytes }

    mutating func append(_ line: FramedLine) {
        lines.append(line)
        bytes += Self.cost(of: line)
    }

    mutating func popFirst() -> FramedLine? {
        guard let line = lines.popFirst() else { return nil }
        bytes -= Self.cost(of: line)
        // A slice keeps the whole of what it is cut from.
        if lines.isEmpty { lines = [] }
        return line
    }

    /// The id of the request that a line cancels; nil for every other line.
    static func cancelledID(_ line: FramedLine) -> RequestID? {
        guard case .line(let bytes) = line, bytes.count <= cancelBytes,
            case .single(.call(let call)) = decodeInbound(bytes),
            call.id == nil
        else { return nil }
        // What is wrong with it is seen when it is taken in its turn.
        switch call.wireMethod {
        case .cancelRequest: return try? CancelParams(params: call.params.value()).requestID
        case .cancelled: return try? CancelledParams(params: call.params.value()).requestID
        default: return nil
        }
    }

    /// A blank line is not even held, so each costs something.
    private static func cost(of line: FramedLine) -> Int {
        if case .line(let bytes) = line { bytes.count + 64 } else { 64 }
    }
}
