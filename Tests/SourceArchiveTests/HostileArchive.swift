import SourceArchive
import Testing

/// One kind of archive that a stranger may send, and what is decided about it.
struct HostileArchive: Sendable, CustomTestStringConvertible {
    enum Outcome: Sendable {
        /// So many members below the top folder.
        case accepted(members: Int)
        /// With a part of the message.
        case refused(ArchiveError.Code, String)
    }

    let name: String
    let outcome: Outcome
    /// The file, gzipped.
    let bytes: [UInt8]
    /// The tar inside, where there is a single good gzip member.
    let tar: [UInt8]?

    var testDescription: String { name }

    /// A tar whose first member is its top folder, and that has `build`'s one fault after it.
    init(
        _ name: String, _ code: ArchiveError.Code, _ cause: String, _ build: (inout TarBuilder) -> Void
    ) {
        self.init(name, .refused(code, cause), tar: Self.tar(build))
    }

    init(_ name: String, _ cause: String, _ build: (inout TarBuilder) -> Void) {
        self.init(name, .invalid, cause, build)
    }

    init(_ name: String, members: Int = 1, _ build: (inout TarBuilder) -> Void) {
        self.init(name, .accepted(members: members), tar: Self.tar(build))
    }

    init(_ name: String, _ outcome: Outcome, tar: [UInt8]) {
        self.name = name
        self.outcome = outcome
        self.tar = tar
        self.bytes = GzipBuilder.member(tar)
    }

    init(_ name: String, _ outcome: Outcome, gzip: [UInt8]) {
        self.name = name
        self.outcome = outcome
        self.tar = nil
        self.bytes = gzip
    }

    private static func tar(_ build: (inout TarBuilder) -> Void) -> [UInt8] {
        TarBuilder.tar { tar in
            tar.directory("top/")
            build(&tar)
        }
    }
}
