import Testing

@testable import RunnerCore

@Suite struct StartJobTests {
    @Test func `one who waits for a job that has not begun yet waits for its end`() async {
        let job = StartJob(id: InstanceID(), epoch: 1)
        let (events, event) = AsyncStream.makeStream(of: String.self)
        let waiter = Task {
            await job.wait()
            event.yield("waited")
            event.finish()
        }
        // A wait that does not wait ends here, before the job has begun.
        for _ in 0..<100 { await Task.yield() }
        job.begin { event.yield("worked") }
        await waiter.value
        var seen: [String] = []
        for await name in events { seen.append(name) }
        #expect(seen == ["worked", "waited"])
    }

    @Test func `a job that will never begin lets those who wait go`() async {
        let job = StartJob(id: InstanceID(), epoch: 1)
        async let waiting: Void = job.wait()
        job.end()
        await waiting
    }

    @Test func `one who is cancelled no longer waits`() async {
        let job = StartJob(id: InstanceID(), epoch: 1)
        let waiter = Task { await job.wait() }
        waiter.cancel()
        await waiter.value
        job.end()
    }

    @Test func `a start is either given up or runs, whichever came first`() {
        let running = StartJob(id: InstanceID(), epoch: 1)
        #expect(running.becameRunning())
        #expect(!running.cancel(.superseded))
        #expect(running.cancelReason == nil)
        let cancelled = StartJob(id: InstanceID(), epoch: 2)
        #expect(cancelled.cancel(.superseded))
        #expect(!cancelled.becameRunning())
    }
}
