import Testing

@testable import RunnerCore

@Suite struct InstanceLifecycleTests {
    private static let now = WallTime(nanoseconds: 1)

    /// One event of each kind, and those with a meaning of their own.
    private static let events: [LifecycleEvent] = [
        .entered(.resolving, spent: .zero), .entered(.checking, spent: .zero), .resolved(.directory(path: "/x")),
        .warned(["w"]), .imageReady(InstanceImage(id: "i", cached: false)), .created(containerID: "c", endpoints: []),
        .started(spent: .zero), .probed(.healthy), .probed(.unhealthy), .stopRequested,
        .failed(Failure(.buildFailed, "b")), .failed(Failure(.cancelled, "c")), .failed(Failure(.superseded, "s")),
        .exited(code: 0, failure: nil), .exited(code: 1, failure: Failure(.containerExited, "x")),
        .exited(code: nil, failure: Failure(.containerExited, "gone")), .confirmed(false), .confirmed(true),
    ]

    private static let allowed: [InstanceStatus: Set<InstanceStatus>] = [
        .starting: [.starting, .running, .stopping, .stopped, .error],
        .running: [.running, .stopping, .stopped, .error],
        .stopping: [.stopping, .stopped],
        .stopped: [.stopped],
        .error: [.error],
    ]

    private func fresh() -> InstanceLifecycle {
        InstanceLifecycle(
            Instance(
                id: InstanceID(), componentRef: "component:default/x", startedAt: Self.now,
                source: .directory(path: "/x")),
            epoch: 1)
    }

    /// Walks every sequence of four events: 18^4 histories.
    @Test func `no sequence of events leaves the documented transitions or goes on after the end`() {
        func walk(_ lifecycle: InstanceLifecycle, depth: Int) {
            guard depth > 0 else { return }
            for event in Self.events {
                var next = lifecycle
                let before = lifecycle.instance
                let changed = next.apply(event, at: Self.now)
                let after = next.instance
                if Self.allowed[before.status]?.contains(after.status) != true {
                    Issue.record("\(before.status) -> \(after.status) by \(event)")
                }
                if changed != (after.revision == before.revision + 1) {
                    Issue.record("revision is wrong after \(event)")
                }
                if before.status.isTerminal, changed { Issue.record("\(event) changed an ended instance") }
                if after.status.isTerminal, after.stoppedAt == nil || after.phase != nil {
                    Issue.record("unfinished end by \(event)")
                }
                if after.status == .error, after.failure == nil {
                    Issue.record("an error without a reason by \(event)")
                }
                walk(next, depth: depth - 1)
            }
        }
        walk(fresh(), depth: 4)
    }

    @Test func `phases only go forward and each is timed`() {
        var lifecycle = fresh()
        let applied1 = lifecycle.apply(.entered(.resolving, spent: .zero), at: Self.now)
        #expect(applied1)
        let applied2 = lifecycle.apply(.entered(.building, spent: .milliseconds(7)), at: Self.now)
        #expect(applied2)
        let applied3 = lifecycle.apply(.entered(.fetching, spent: .zero), at: Self.now)
        #expect(!applied3)
        let applied4 = lifecycle.apply(.started(spent: .milliseconds(9)), at: Self.now)
        #expect(applied4)
        #expect(
            lifecycle.instance.timings == [
                PhaseTiming(phase: .resolving, milliseconds: 7), PhaseTiming(phase: .building, milliseconds: 9),
            ])
        #expect(lifecycle.instance.phase == nil)
    }

    @Test(arguments: [("CANCELLED", InstanceStatus.stopped), ("SUPERSEDED", .stopped), ("BUILD_FAILED", .error)])
    func `a start that was given up is stopped, one that failed is an error`(code: String, status: InstanceStatus) {
        var lifecycle = fresh()
        _ = lifecycle.apply(.entered(.building, spent: .zero), at: Self.now)
        var failure = Failure(.buildFailed, "m")
        failure.code = code
        let applied5 = lifecycle.apply(.failed(failure), at: Self.now)
        #expect(applied5)
        #expect(lifecycle.instance.status == status)
        #expect(lifecycle.instance.failure?.code == code)
        #expect(lifecycle.instance.failure?.phase == .building)
    }

    @Test func `an exit with another code than 0 during a stop is no error`() {
        var lifecycle = fresh()
        _ = lifecycle.apply(.started(spent: .zero), at: Self.now)
        _ = lifecycle.apply(.stopRequested, at: Self.now)
        let applied6 = lifecycle.apply(.exited(code: 143, failure: Failure(.containerExited, "x")), at: Self.now)
        #expect(applied6)
        #expect(lifecycle.instance.status == .stopped)
        #expect(lifecycle.instance.failure == nil)
        #expect(lifecycle.instance.exitCode == 143)
    }
}
