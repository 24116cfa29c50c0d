import TestSupport
import Testing

@testable import RunnerCore

@Suite struct SwapStageTests {
    private struct World {
        let registry = InstanceRegistry()
        let stage: SwapStage

        init(_ live: [(ref: String, status: InstanceStatus)], newRef: String, maxInstances: Int, directory: String) {
            let registry = registry
            for (ref, status) in live {
                var instance = Instance(
                    id: InstanceID(), componentRef: ref, startedAt: .now(), source: .directory(path: "/x"))
                instance.status = status
                _ = registry.add(instance)
            }
            let new = Instance(
                id: InstanceID(), componentRef: newRef, startedAt: .now(), source: .directory(path: "/y"))
            let epoch = registry.add(new)
            let log = InstanceLog(
                directory: directory, retentionBytes: 1 << 20, queue: BlockingQueue(label: "test"), recovering: false)
            stage = SwapStage(
                id: new.id, epoch: epoch, componentRef: newRef, maxInstances: maxInstances, registry: registry,
                olderJobs: { [] }, stop: { _ in }, clean: {}, log: log)
        }
    }

    private func victims(_ live: [(String, InstanceStatus)], new: String, max: Int) async throws -> [String] {
        var refs: [String] = []
        try await withTemporaryDirectory { path in
            let world = World(live.map { (ref: $0.0, status: $0.1) }, newRef: new, maxInstances: max, directory: path)
            refs = world.stage.victims().map(\.componentRef)
        }
        return refs
    }

    @Test func `with one slot whatever runs makes room, and nothing else`() async throws {
        #expect(try await victims([("a", .running), ("z", .stopped), ("e", .error)], new: "b", max: 1) == ["a"])
        #expect(try await victims([("a", .stopped)], new: "b", max: 1) == [])
        #expect(try await victims([("a", .stopping)], new: "b", max: 1) == ["a"])
    }

    @Test func `with more slots the same component makes room first, then the oldest`() async throws {
        #expect(try await victims([("a", .running), ("b", .running)], new: "b", max: 2) == ["b"])
        #expect(try await victims([("a", .running), ("c", .running)], new: "b", max: 2) == ["a"])
        #expect(try await victims([("a", .running)], new: "b", max: 2) == [])
        #expect(try await victims([("b", .running)], new: "b", max: 3) == ["b"])
    }

    @Test func `starts under way count, so that two at once cannot both take the last slot`() async throws {
        #expect(try await victims([("a", .running), ("c", .starting)], new: "b", max: 2) == ["a"])
        #expect(try await victims([("a", .running), ("c", .starting)], new: "b", max: 3) == [])
    }

    @Test func `only the newest start of each component goes on, and no more than may run`() {
        let jobs = (1...4).map { StartJob(id: InstanceID(), epoch: $0) }
        let starting = zip(["a", "b", "a", "c"], jobs).map { (componentRef: $0, job: $1) }
        func superseded(_ max: Int) -> Set<Int64> {
            Set(SwapStage.superseded(starting, maxInstances: max).map(\.epoch))
        }
        #expect(superseded(1) == [1, 2, 3])
        #expect(superseded(2) == [1, 2])
        #expect(superseded(3) == [1])
    }
}
