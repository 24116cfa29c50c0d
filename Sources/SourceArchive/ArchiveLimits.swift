/// The limits on what a source may hold, each with the reason for its value.
package struct ArchiveLimits: Sendable, Hashable {
    /// The size of the `.tar.gz`.
    package var compressedBytes: Int64 = 256 << 20
    /// The size of the tar inside; for a directory source, of the files that enter the context.
    package var expandedBytes: Int64 = 2 << 30
    /// Expanded bytes per compressed byte: deflate itself ends near 1032, so only a bomb comes near.
    package var ratio: Int64 = 1000
    /// `ratio` is looked at only above this many expanded bytes: small archives of blanks compress well.
    package var ratioFloorBytes: Int64 = 1 << 20
    /// Members of an archive, or that enter a context; directories that are only implied by a path count too.
    package var members = 100_000
    /// Members of a directory source before its ignore file is applied; it bounds the index's memory.
    package var directoryMembers = 1_000_000
    /// The size of one file.
    package var fileBytes: Int64 = 1 << 30
    /// The size of one pax header or GNU long name.
    package var metaBytes = 64 << 10
    /// The number of pax headers and GNU long names before one member.
    package var metaBlocks = 2
    /// The size of one file that the caller captures.
    package var capturedFileBytes: Int64 = 256 << 10
    /// The size of all captured files together.
    package var capturedTotalBytes: Int64 = 8 << 20
    /// Path components of one member, the top folder included.
    package var depth = 256
    /// The length of a path: Linux's `PATH_MAX` without its NUL.
    package var pathBytes = 4095
    /// The length of one path component: Linux's `NAME_MAX`.
    package var componentBytes = 255
    /// All path components and link targets that the index keeps.
    package var indexBytes = 64 << 20

    package static let standard = ArchiveLimits()

    package init() {}
}
