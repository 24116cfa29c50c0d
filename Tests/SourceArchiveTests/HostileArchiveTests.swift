import Testing

@testable import SourceArchive

/// Every kind of hostile archive has the outcome that is decided, however it arrives and wherever it is cut.
@Suite struct HostileArchiveTests {
    static let kinds =
        HostileArchive.types + HostileArchive.paths + HostileArchive.unusualPaths + HostileArchive.fields
        + HostileArchive.unusualFields + HostileArchive.metadata + HostileArchive.unusualMetadata + HostileArchive.gzip

    @Test func `there are many kinds, each with a name of its own`() {
        #expect(Self.kinds.count >= 120)
        #expect(Set(Self.kinds.map(\.name)).count == Self.kinds.count)
    }

    @Test(arguments: kinds)
    func `has the decided outcome, whole and byte by byte`(kind: HostileArchive) throws {
        try Scratch.with { scratch throws in
            try scratch.write("spool.tar.gz", kind.bytes)
            for windowBytes in [ArchiveReader.standardWindowBytes, 1] {
                switch (outcome(scratch, windowBytes: windowBytes), kind.outcome) {
                case (.success(let found), .accepted(let members)):
                    #expect(found.members == members, "windows of \(windowBytes)")
                case (.failure(let error), .refused(let code, let cause)):
                    #expect(error.code == code, "windows of \(windowBytes): \(error)")
                    #expect(error.message.contains(cause), "windows of \(windowBytes): \(error)")
                    let isShort = error.message.utf8.count < 600
                    #expect(isShort && error.message.utf8.allSatisfy { $0 >= 0x20 }, "\(error)")
                case (let outcome, _):
                    Issue.record("windows of \(windowBytes): \(outcome)")
                }
            }
        }
    }

    /// An engine takes an archive that ends between two members for whole: no cut may pass.
    @Test(arguments: kinds)
    func `is refused when it is cut at any block, inside gzip or with it`(kind: HostileArchive) throws {
        try Scratch.with { scratch throws in
            for cut in Self.cuts(of: kind.bytes) where !Self.isWhole(cut, of: kind) {
                try expectRefusal(of: cut, scratch)
            }
            // Two zero blocks are an end, whatever came after them.
            for cut in Self.cuts(of: kind.tar ?? [])
            where cut.count < 1024 || cut.suffix(1024).contains(where: { $0 != 0 }) {
                try expectRefusal(of: GzipBuilder.member(cut), scratch)
            }
        }
    }

    /// An accepted kind, written as a context, is refused by no rule and lists only members it had.
    @Test(arguments: kinds)
    func `becomes a context exactly when it is accepted`(kind: HostileArchive) throws {
        try Scratch.with { scratch throws in
            let spool = try scratch.write("spool.tar.gz", kind.bytes)
            let plan = ContextPlan(
                contextDirectory: .root, ignore: .none, dockerfile: .injected(name: ".dockerfile.0", contents: [0x46]),
                mtime: 0)
            let context = Result { try scratch.context(of: .archive(spool: spool), plan) }
            guard case .accepted = kind.outcome else {
                #expect(throws: ArchiveError.self) { try context.get() }
                return
            }
            var names: Set<[UInt8]> = []
            let tar = try context.get().tar
            var lexer = TarLexer(limits: .standard)
            var offset = 0
            reading: while true {
                switch try lexer.next(in: tar[...], at: &offset) {
                case .needsInput: break reading
                case .member(let member):
                    #expect(names.insert(member.name).inserted)
                    #expect([0o644, 0o755, 0o777].contains(member.mode))
                case .data, .endOfMember: continue
                }
            }
            try lexer.finish()
        }
    }

    private func outcome(
        _ scratch: Scratch, windowBytes: Int = ArchiveReader.standardWindowBytes
    ) -> Result<SourceInspection, ArchiveError> {
        Result { () throws(ArchiveError) in
            let reader = try ArchiveReader(
                path: "\(scratch.path)/spool.tar.gz", limits: .standard, windowBytes: windowBytes,
                isCancelled: { false })
            return try inspect(reader, limits: .standard, capture: { _, size in size < 10_000 })
        }
    }

    /// Every multiple of 512 bytes; of the few large ones 32, which cost less than all.
    private static func cuts(of bytes: [UInt8]) -> [[UInt8]] {
        let step = bytes.count < 16 << 10 ? 512 : bytes.count / 32 / 512 * 512
        return stride(from: 0, to: bytes.count, by: step).map { Array(bytes[..<$0]) }
    }

    private func expectRefusal(of bytes: [UInt8], _ scratch: Scratch) throws {
        try scratch.write("spool.tar.gz", bytes)
        if case .success = outcome(scratch) { Issue.record("accepted with \(bytes.count) bytes") }
    }

    /// Whether nothing is missing of `cut` but the padding behind the last gzip member.
    private static func isWhole(_ cut: [UInt8], of kind: HostileArchive) -> Bool {
        guard case .accepted = kind.outcome, kind.tar == nil else { return false }
        return kind.bytes[cut.count...].allSatisfy { $0 == 0 }
    }
}
