internal import CZlib

/// Gunzips a stream that arrives in pieces: every member, its trailer, and what follows the last one.
///
/// RFC 1952: members may follow each other, and NUL bytes may pad the end. Anything else after the last member,
/// reserved header flags, a wrong CRC-32 or length, and an end inside a member are errors. It does no I/O.
@safe
struct GzipInflater: ~Copyable {
    private enum State {
        case betweenMembers
        case inMember
        case padding
    }

    // On the heap, because zlib compares the stream's address with the one it was initialised at.
    private let stream: UnsafeMutablePointer<z_stream>
    private let limits: ArchiveLimits
    private var state = State.betweenMembers
    private var members = 0
    /// The last call filled the output, so zlib may hold more even with no input left.
    private var mayHoldOutput = false
    private(set) var consumedBytes: Int64 = 0
    private(set) var producedBytes: Int64 = 0

    init(limits: ArchiveLimits) throws(ArchiveError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe CZlib_inflateInitGzip(stream) == Z_OK else {
            unsafe stream.deallocate()
            throw ArchiveError(.io, "zlib could not be initialised")
        }
        self.limits = limits
        unsafe self.stream = stream
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Inflates `input` from `offset` on into `output` from `written` on, and moves both.
    ///
    /// It stops when `output` is full (call it again) or all of `input` is used.
    mutating func inflate(
        _ input: ArraySlice<UInt8>, at offset: inout Int, into output: inout [UInt8], at written: inout Int
    ) throws(ArchiveError) {
        while written < output.count, offset < input.endIndex || mayHoldOutput {
            switch state {
            case .betweenMembers:
                try startMember(with: input[offset])
            case .padding:
                while offset < input.endIndex {
                    guard input[offset] == 0 else { throw Self.trailingBytes }
                    offset += 1
                    consumedBytes += 1
                }
            case .inMember:
                try inflateMember(input, at: &offset, into: &output, at: &written)
            }
        }
    }

    /// Checks that the input ended where a gzip file may end.
    func finish() throws(ArchiveError) {
        if members > 0 && state != .inMember { return }
        throw .invalid(consumedBytes == 0 ? "the archive is empty" : "the gzip data ends too early: it is truncated")
    }

    private mutating func startMember(with byte: UInt8) throws(ArchiveError) {
        if byte == 0 && members > 0 {
            state = .padding
            return
        }
        if members > 0 {
            guard byte == 0x1F else { throw Self.trailingBytes }
            unsafe inflateReset(stream)
        }
        state = .inMember
    }

    private mutating func inflateMember(
        _ input: ArraySlice<UInt8>, at offset: inout Int, into output: inout [UInt8], at written: inout Int
    ) throws(ArchiveError) {
        let (result, used, made) = unsafe input[offset...].withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                let outputLeft = target.count - written
                // zlib only reads through next_in; both pointers are cleared again before they end.
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(source.count)
                unsafe stream.pointee.next_out = target.baseAddress?.advanced(by: written)
                unsafe stream.pointee.avail_out = UInt32(outputLeft)
                let result = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
                let used = unsafe source.count - Int(stream.pointee.avail_in)
                let made = unsafe outputLeft - Int(stream.pointee.avail_out)
                unsafe stream.pointee.next_in = nil
                unsafe stream.pointee.next_out = nil
                return (result, used, made)
            }
        }
        offset += used
        written += made
        consumedBytes += Int64(used)
        producedBytes += Int64(made)
        mayHoldOutput = written == output.count
        switch result {
        case Z_OK, Z_BUF_ERROR:  // Z_BUF_ERROR: nothing more to do with what it was given.
            break
        case Z_STREAM_END:
            state = .betweenMembers
            members += 1
            mayHoldOutput = false
        default:
            throw failure()
        }
        try checkLimits()
    }

    private func checkLimits() throws(ArchiveError) {
        guard producedBytes <= limits.expandedBytes else {
            throw .tooLarge("the expanded archive", limit: "expandedBytes", value: limits.expandedBytes)
        }
        guard producedBytes <= limits.ratioFloorBytes || producedBytes / limits.ratio <= consumedBytes else {
            throw .tooLarge("the compression", limit: "ratio", value: limits.ratio, unit: "to 1")
        }
    }

    private func failure() -> ArchiveError {
        guard let message = unsafe stream.pointee.msg else { return .invalid("the gzip data is damaged") }
        return unsafe .invalid("the gzip data is damaged: \(String(cString: message))")
    }

    private static var trailingBytes: ArchiveError { .invalid("unexpected bytes follow the gzip data") }
}
