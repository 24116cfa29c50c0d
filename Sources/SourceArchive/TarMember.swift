/// One member of a tar as its headers say, before any judgement of its path.
struct TarMember: Equatable {
    enum Kind: Equatable {
        case file
        case directory
        case symlink(target: [UInt8])
    }

    let name: [UInt8]
    let kind: Kind
    let size: Int64
    let mode: Int64
    let modified: Int64
}

/// What ``TarLexer`` found next in its input.
enum TarEvent: Equatable {
    /// The input is used up; call again with more, or `finish()`.
    case needsInput
    case member(TarMember)
    /// Contents of the last member: a range of the window that was passed in.
    case data(Range<Int>)
    case endOfMember
}
