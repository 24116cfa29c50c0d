/// Takes a tar apart that arrives in pieces of any size.
///
/// It does no I/O, and keeps at most one block and one pax header or long name of each kind.
///
/// Accepts what `git archive` writes, and names by GNU long names: types `0`, NUL, `5`, `2`, with `g`, `x`, `L`, `K`
/// before them. Every other type, every malformed field and every contradiction is an error, so that no second reader
/// can see another archive in the same bytes. The end is two zero blocks; only zero bytes may follow.
struct TarLexer {
    private enum State {
        case header
        case metadata(TarMetadata.Kind, remaining: Int, padding: Int)
        case contents(remaining: Int64, padding: Int)
        case padding(remaining: Int)
        case ended
    }

    private let limits: ArchiveLimits
    private var state = State.header
    /// The beginning of a header that lies in two windows.
    private var block: [UInt8] = []
    private var payload: [UInt8] = []
    private var pending = TarMetadata()
    private var sawZeroBlock = false
    /// The last member's name, for errors.
    private var memberName: [UInt8]?
    /// Bytes taken so far.
    private(set) var position: Int64 = 0
    /// The comment of the global pax header: `git archive` writes the commit there.
    private(set) var comment: [UInt8]?

    init(limits: ArchiveLimits) {
        self.limits = limits
        block.reserveCapacity(TarHeader.blockBytes)
    }

    /// The next event in `window` from `offset` on; moves `offset` past what it took.
    mutating func next(in window: ArraySlice<UInt8>, at offset: inout Int) throws(ArchiveError) -> TarEvent {
        while true {
            switch state {
            case .header:
                let piece = take(TarHeader.blockBytes - block.count, of: window, &offset)
                guard block.count + piece.count == TarHeader.blockBytes else {
                    block += window[piece]
                    return .needsInput
                }
                if let member = try endHeader(with: window[piece]) { return .member(member) }
            case .metadata(let kind, let remaining, let padding):
                let piece = take(remaining, of: window, &offset)
                payload += window[piece]
                guard piece.count == remaining else {
                    state = .metadata(kind, remaining: remaining - piece.count, padding: padding)
                    return .needsInput
                }
                try endMetadata(kind)
                state = .padding(remaining: padding)
            case .contents(remaining: 0, let padding):
                state = .padding(remaining: padding)
                return .endOfMember
            case .contents(let remaining, let padding):
                let piece = take(Int(clamping: remaining), of: window, &offset)
                guard !piece.isEmpty else { return .needsInput }
                state = .contents(remaining: remaining - Int64(piece.count), padding: padding)
                return .data(piece)
            case .padding(let remaining):
                let piece = take(remaining, of: window, &offset)
                guard piece.count == remaining else {
                    state = .padding(remaining: remaining - piece.count)
                    return .needsInput
                }
                state = .header
            case .ended:
                guard window[take(window.count, of: window, &offset)].allSatisfy({ $0 == 0 }) else {
                    throw .invalid("data follows the end of the tar archive")
                }
                return .needsInput
            }
        }
    }

    /// Checks that the input ended where a tar may end.
    func finish() throws(ArchiveError) {
        switch state {
        case .ended:
            return
        case .header where block.isEmpty:
            throw .invalid("the tar archive has no end marker: it is truncated")
        default:
            throw .invalid("the tar archive ends too early: it is truncated", member: memberName)
        }
    }

    /// The range of up to `count` bytes from `offset` on, which it moves.
    private mutating func take(_ count: Int, of window: ArraySlice<UInt8>, _ offset: inout Int) -> Range<Int> {
        let start = offset
        offset += min(count, window.endIndex - offset)
        position += Int64(offset - start)
        return start..<offset
    }

    /// Judges a header that `piece` completes; returns the member it begins, if it begins one.
    private mutating func endHeader(with piece: ArraySlice<UInt8>) throws(ArchiveError) -> TarMember? {
        if block.isEmpty { return try endHeader(piece.span) }
        let whole = block + piece
        block.removeAll(keepingCapacity: true)
        return try endHeader(whole.span)
    }

    private mutating func endHeader(_ block: Span<UInt8>) throws(ArchiveError) -> TarMember? {
        if block.isZero(0..<block.count) {
            try endZeroBlock()
            return nil
        }
        guard !sawZeroBlock else { throw .invalid("data follows a zero block of the tar archive") }
        do throws(TarFieldFault) {
            let header = try TarHeader(block: block)
            if let kind = TarMetadata.Kind(type: header.type) {
                try beginMetadata(kind, header)
                return nil
            }
            let member = try pending.member(of: header)
            pending = TarMetadata()
            memberName = member.name
            state = .contents(remaining: member.size, padding: paddingBytes(after: member.size))
            return member
        } catch {
            throw located(error, in: block)
        }
    }

    private mutating func endZeroBlock() throws(ArchiveError) {
        guard pending.blocks == 0 else { throw .invalid("the tar archive ends after a header that names a member") }
        if sawZeroBlock { state = .ended }
        sawZeroBlock = true
    }

    private mutating func beginMetadata(_ kind: TarMetadata.Kind, _ header: TarHeader) throws(TarFieldFault) {
        guard header.size <= limits.metaBytes else {
            throw TarFieldFault("a pax header or GNU long name", limit: "metaBytes", value: limits.metaBytes)
        }
        guard kind != .paxGlobal || pending.blocks == 0 else {
            throw TarFieldFault("a global pax header stands between a member and its own header")
        }
        guard pending.blocks < limits.metaBlocks else {
            throw TarFieldFault(
                "the number of headers before one member", limit: "metaBlocks", value: limits.metaBlocks)
        }
        payload.removeAll(keepingCapacity: true)
        state = .metadata(kind, remaining: Int(header.size), padding: paddingBytes(after: header.size))
    }

    private mutating func endMetadata(_ kind: TarMetadata.Kind) throws(ArchiveError) {
        do throws(TarFieldFault) {
            guard kind == .paxGlobal else {
                try pending.add(payload, as: kind)
                return
            }
            let global = try PaxRecords(parsing: payload, isGlobal: true)
            guard comment == nil || global.comment == nil || comment == global.comment else {
                throw TarFieldFault("two global pax headers have different comments")
            }
            comment = comment ?? global.comment
        } catch {
            throw located(error, memberName)
        }
    }

    private func located(_ fault: TarFieldFault, in block: Span<UInt8>) -> ArchiveError {
        // After a wrong checksum the name may be anything, but it is the best hint there is.
        located(fault, TarHeader.rawName(in: block))
    }

    private func located(_ fault: TarFieldFault, _ name: [UInt8]?) -> ArchiveError {
        let cause = fault.cause + " (tar header before byte \(position))"
        return ArchiveError(fault.code, cause, member: pending.name ?? name, limit: fault.limit)
    }
}

/// Bytes that fill the last block of `size` bytes of contents.
func paddingBytes(after size: Int64) -> Int {
    let used = Int(size % Int64(TarHeader.blockBytes))
    return used == 0 ? 0 : TarHeader.blockBytes - used
}
