import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import RunnerCore

@Suite struct JournalTests {
    private func entry(_ ref: String, status: InstanceStatus = .starting, id: InstanceID = InstanceID()) -> JournalEntry
    {
        var instance = Instance(
            id: id, componentRef: ref, startedAt: WallTime(nanoseconds: 5), source: .directory(path: "/x"))
        instance.status = status
        return JournalEntry(instance: instance, epoch: 1)
    }

    @Test func `the newest entry of each instance survives, in the order of their starts`() async throws {
        try await withTemporaryDirectory { path in
            let journal = Journal(directory: path)
            let first = entry("component:default/a")
            try await journal.append({ first }, compacted: { [] })
            try await journal.append({ entry("component:default/b") }, compacted: { [] })
            try await journal.append(
                { entry("component:default/a", status: .stopped, id: first.instance.id) }, compacted: { [] })
            let loaded = try Journal(directory: path).load()
            #expect(loaded.map(\.instance.componentRef) == ["component:default/a", "component:default/b"])
            #expect(loaded.map(\.instance.status) == [.stopped, .starting])
        }
    }

    @Test func `a journal torn at any byte keeps every entry before the tear`() async throws {
        try await withTemporaryDirectory { path in
            let journal = Journal(directory: path)
            for name in ["a", "b", "c"] {
                try await journal.append({ entry("component:default/\(name)") }, compacted: { [] })
            }
            let file = path + "/journal"
            let bytes = Array(try readTextFile(file).utf8)
            let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }
            for cut in stride(from: bytes.count, through: 0, by: -1) {
                let descriptor = try FileDescriptor.open(FilePath(file), .writeOnly)
                try descriptor.resize(to: Int64(cut))
                try descriptor.close()
                let count = try Journal(directory: path).load().count
                // The newline itself may be missing: the checksum proves the entry.
                if count != ends.count(where: { $0 <= cut }) { Issue.record("cut at \(cut): \(count) entries") }
            }
        }
    }

    @Test func `a damaged byte ends the journal there`() async throws {
        try await withTemporaryDirectory { path in
            let journal = Journal(directory: path)
            for name in ["a", "b", "c"] {
                try await journal.append({ entry("component:default/\(name)") }, compacted: { [] })
            }
            var text = try readTextFile(path + "/journal")
            text = text.split(separator: "\n").enumerated()
                .map { $0 == 1 ? String($1).replacing("starting", with: "startinG") : String($1) }.joined(
                    separator: "\n")
            try writeTextFile(text, to: path + "/journal")
            let loaded = try Journal(directory: path).load()
            #expect(loaded.map(\.instance.componentRef) == ["component:default/a"])
        }
    }

    @Test func `rewriting drops what is not given and appending goes on`() async throws {
        try await withTemporaryDirectory { path in
            let journal = Journal(directory: path)
            try await journal.append({ entry("component:default/old") }, compacted: { [] })
            try journal.rewrite([entry("component:default/kept")])
            try await journal.append({ entry("component:default/new") }, compacted: { [] })
            let loaded = try journal.load()
            #expect(loaded.map(\.instance.componentRef) == ["component:default/kept", "component:default/new"])
        }
    }

    @Test func `a journal that is there and cannot be read is an error and not an empty history`() async throws {
        try await withTemporaryDirectory { path in
            let journal = FilePath(path + "/journal")
            // A link to itself: it exists, and nobody can open it, not even root.
            try #require(unsafe symlink("journal", journal.string) == 0)
            let error = #expect(throws: Failure.self) { try Journal(directory: path).load() }
            #expect(error?.code == "STATE_UNWRITABLE")
        }
    }

    @Test func `an entry is made when its turn has come, and one that has become void is not written`() async throws {
        try await withTemporaryDirectory { path in
            let journal = Journal(directory: path)
            try await journal.append({ nil }, compacted: { [] })
            #expect(try journal.load().isEmpty)
            try await journal.append({ .removed(InstanceID(), keys: []) }, compacted: { [] })
            #expect(try journal.load().map(\.removed) == [true])
        }
    }

    @Test func `a directory that cannot be written refuses with a reason`() async throws {
        let journal = Journal(directory: "/proc/nowhere")
        let error = await #expect(throws: Failure.self) {
            try await journal.append({ entry("component:default/a") }, compacted: { [] })
        }
        #expect(error?.code == "STATE_UNWRITABLE")
        #expect(error?.hint != nil)
    }
}

@Suite struct StateDirectoryTests {
    @Test func `one agent at a time has the directory, and the next one gets it when the first is gone`() async throws {
        try await withTemporaryDirectory { path in
            var first: StateDirectory? = try StateDirectory(path: path + "/state")
            let owner = try #require(first?.owner)
            #expect(owner.count == 32)
            #expect { _ = try StateDirectory(path: path + "/state") } throws: { error in
                if case StateDirectory.OpenError.held(let pid?) = error { return pid > 0 }
                return false
            }
            first = nil
            let next = try StateDirectory(path: path + "/state")
            #expect(next.owner == owner)
        }
    }

    @Test func `a place that cannot hold the state is refused by name`() {
        #expect { _ = try StateDirectory(path: "/proc/nowhere") } throws: { error in
            guard case StateDirectory.OpenError.unusable(let failure) = error else { return false }
            return failure.code == "STATE_UNWRITABLE" && failure.message.contains("/proc/nowhere")
        }
    }
}
