import Crypto
import FoundationEssentials
import Glibc
import NIOConcurrencyHelpers
import SystemPackage

/// What is known about an instance and must survive the agent.
struct JournalEntry: Sendable, Codable {
    var instance: Instance
    var epoch: Int64
    /// What a later agent needs to go on watching the container.
    var settings: ContainerSettings?
    /// Idempotency keys that stand for this instance.
    var keys: [IdempotencyKeys.Use]?
    /// The instance was dropped by a client or from history; only its keys still count.
    var removed: Bool?
}

extension JournalEntry {
    /// What stays of an instance that was dropped.
    static func removed(_ id: InstanceID, keys: [IdempotencyKeys.Use]) -> JournalEntry {
        let nothing = Instance(
            id: id, componentRef: "", startedAt: keys.first?.usedAt ?? WallTime(nanoseconds: 0),
            source: .directory(path: ""))
        return JournalEntry(instance: nothing, epoch: 0, keys: keys, removed: true)
    }
}

/// How a running container is watched and stopped.
struct ContainerSettings: Sendable, Codable {
    var stopSignal: String
    var stopGrace: Duration
    var health: HealthCheckSettings?
    var tty = false
    /// See ``ConfiguredComponent/identity(of:in:)``.
    var identity: String?
    /// When its time to live is over; known once it runs.
    var endsAt: WallTime?

    /// In the unit of the engine, rounded up: half a second must not become none.
    static func wholeSeconds(_ grace: Duration) -> Int {
        Int(grace.components.seconds) + (grace.components.attoseconds > 0 ? 1 : 0)
    }

    /// What is left of the time to live, by the wall clock: the agent that began it is gone.
    var remainingTTL: Duration? {
        endsAt.map { .nanoseconds(max(0, $0.nanoseconds - WallTime.now().nanoseconds)) }
    }
}

/// An append-only file of checked lines: `<16 hex digits of SHA-256> <JSON>\n`, newest entry of an instance wins.
///
/// Each append is on the disk when it returns. A torn or damaged tail is dropped at the next start; entries before it count.
final class Journal: Sendable {
    private static let maxFileBytes: Int64 = 64 << 20
    /// Rewriting starts when this many appended entries are superseded or old.
    private static let slackEntries = 2000
    /// The same for long entries, of which there must be a few at least.
    private static let slackBytes = maxFileBytes / 2
    private static let fewEntries = 100

    private struct State {
        var file: FileDescriptor?
        var appended = 0
    }

    private let path: String
    private let directory: String
    private let queue = BlockingQueue(label: "runner-agent.journal")
    private let state = NIOLockedValueBox(State())

    init(directory: String) {
        self.directory = directory
        path = directory + "/journal"
    }

    deinit {
        // Every append was synchronised.
        state.withLockedValue { try? $0.file?.close() }
    }

    /// All instances of earlier runs in the order they were started, with those that were removed.
    ///
    /// Blocking. A file that is there and cannot be read is an error: taken for none, it would be replaced by nothing.
    func load() throws(Failure) -> [JournalEntry] {
        let bytes: [UInt8]
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            defer { try? file.close() }  // read only: nothing can be lost
            let size = try file.seek(offset: 0, from: .end)
            bytes = try FileAccess.read(file, at: 0, count: Int(min(size, Self.maxFileBytes)))
        } catch let error as Errno where error == .noSuchFileOrDirectory {
            return []
        } catch {
            throw Failure(
                .stateUnwritable, "the journal \(path) cannot be read: \(error)", hint: "check its permissions")
        }
        var order: [InstanceID] = []
        var newest: [InstanceID: JournalEntry] = [:]
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let entry = Self.decode(line) else { break }
            let id = entry.instance.id
            if newest[id] == nil { order.append(id) }
            newest[id] = entry
        }
        return order.compactMap { newest[$0] }
    }

    /// Replaces the file by `entries` alone: temporary file, fsync, rename, fsync of the directory.
    ///
    /// Blocking.
    func rewrite(_ entries: [JournalEntry]) throws(Failure) {
        do {
            try state.withLockedValue { state in
                try? state.file?.close()  // every append was synchronised
                state.file = nil
                let temporary = path + ".new"
                // Losing this error is right: after the rename there is nothing, and a leftover is replaced next time.
                defer { _ = unsafe unlink(temporary) }
                let file = try FileDescriptor.open(
                    FilePath(temporary), .writeOnly, options: [.create, .truncate, .closeOnExec],
                    permissions: [.ownerReadWrite])
                do {
                    for entry in entries { try FileAccess.write(Self.encode(entry), to: file) }
                    try FileAccess.synchronize(file)
                } catch {
                    try? file.close()  // the first error is thrown
                    throw error
                }
                try file.close()
                guard unsafe rename(temporary, path) == 0 else { throw Errno(rawValue: errno) }
                try FileAccess.synchronizeDirectory(directory)
                state.appended = 0
            }
        } catch {
            throw Self.unwritable(path, error)
        }
    }

    /// Appends an entry durably.
    ///
    /// - Parameters:
    ///   - entry: gives the newest state when its turn has come, so that an older one never follows a newer one; nil when
    ///     there is nothing to say any more.
    ///   - compacted: gives the whole truth for a rewrite when the file has grown too long.
    func append(
        _ entry: @escaping @Sendable () -> JournalEntry?, compacted: @escaping @Sendable () -> [JournalEntry]
    ) async throws(Failure) {
        let outcome: Result<Void, Failure> = await queue.run { [self] in
            guard let entry = entry() else { return .success(()) }
            do {
                guard try appendNow(entry) else { return .success(()) }
            } catch {
                return .failure(Self.unwritable(path, error))
            }
            do {
                try rewrite(compacted())
            } catch {
                // The entry is on the disk, which is what was asked for; the next try comes when the file has grown again.
                state.withLockedValue { $0.appended = 0 }
            }
            return .success(())
        }
        try outcome.get()
    }

    private func appendNow(_ entry: JournalEntry) throws -> Bool {
        let line = try Self.encode(entry)
        return try state.withLockedValue { state in
            let file: FileDescriptor
            if let open = state.file {
                file = open
            } else {
                file = try FileDescriptor.open(
                    FilePath(path), .writeOnly, options: [.create, .append, .closeOnExec],
                    permissions: [.ownerReadWrite])
                state.file = file
            }
            let start = try file.seek(offset: 0, from: .end)
            do {
                try FileAccess.write(line, to: file)
                try FileAccess.synchronize(file)
            } catch {
                // Half a line must not stay in front of the next one.
                try? file.resize(to: start)
                throw error
            }
            state.appended += 1
            return state.appended > Self.slackEntries || state.appended > Self.fewEntries && start > Self.slackBytes
        }
    }

    private static func encode(_ entry: JournalEntry) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = [UInt8](try encoder.encode(entry))
        return Array(checksum(json).utf8) + [UInt8(ascii: " ")] + json + [UInt8(ascii: "\n")]
    }

    private static func decode(_ line: ArraySlice<UInt8>) -> JournalEntry? {
        guard line.count > 17 else { return nil }
        let json = Array(line.dropFirst(17))
        guard String(decoding: line.prefix(16), as: UTF8.self) == checksum(json) else { return nil }
        // A line with a right checksum that this version cannot read ends the journal like a damaged one.
        return try? JSONDecoder().decode(JournalEntry.self, from: Data(json))
    }

    private static func checksum(_ bytes: [UInt8]) -> String {
        hexadecimal(SHA256.hash(data: bytes).prefix(8))
    }

    private static func unwritable(_ path: String, _ error: any Error) -> Failure {
        if let errno = error as? Errno, errno == .noSpace {
            return Failure(
                .diskFull, "no space left for the journal \(path)", hint: "free some disk space; what runs goes on",
                retryable: true)
        }
        return Failure(
            .stateUnwritable, "the journal \(path) cannot be written: \(error)",
            hint: "check the state directory; nothing new is started until it can be written", retryable: true)
    }
}
