import FoundationEssentials
import Logging
import NIOConcurrencyHelpers
import RunnerConfig
import TestSupport

@testable import RunnerCore

/// One random life of agents on one state directory beside one engine: starts, stops, cancellations and removals, agents that
/// are killed, an engine that fails, loses answers and restarts, containers that end or are removed by hand.
///
/// The agents are real ones, down to HTTP and the journal. The seed decides what happens and which request meets which
/// fault; the order of what runs at the same time is the machine's.
final class History: Sendable {
    /// Pauses and windows take a fiftieth of their time.
    private static let pace = 0.02
    private static let patience = Duration.seconds(30)

    private final class Agent: Sendable {
        let runner: Runner
        let generation: Int
        let isAlive = NIOLockedValueBox(true)

        init(runner: Runner, generation: Int) {
            self.runner = runner
            self.generation = generation
        }
    }

    private struct State {
        var agent: Agent?
        var generation = 0
        /// Given to a client and not removed by one.
        var known: Set<InstanceID> = []
        var problems: [String] = []
        var requests: [Task<Void, Never>] = []
        var ending: [Task<Void, Never>] = []
    }

    let seed: UInt64
    private let directory: String
    private let components: String
    private let server: FakeEngineServer
    private let state = NIOLockedValueBox(State())

    /// - Parameter components: a directory with the components `a`, `b` and `c`.
    init(seed: UInt64, directory: String, components: String) {
        self.seed = seed
        self.directory = directory
        self.components = components
        server = FakeEngineServer(seed: seed ^ 0xFA17)
    }

    struct Outcome: Sendable {
        /// What went against the rules; empty when nothing did.
        var problems: [String] = []
        var agents = 0
        var requests = 0
        var containers = 0
    }

    func run() async throws -> Outcome {
        var generator = SeededGenerator(seed: seed)
        server.state.withLockedValue { $0.faults = Int.random(in: 0...25, using: &generator) }
        try begin()
        for _ in 0..<Int.random(in: 5...25, using: &generator) {
            try await step(&generator)
            try await wait(&generator)
        }
        try await converge()
        await agent.runner.shutdown()
        for task in state.withLockedValue({ $0.ending }) { await task.value }
        server.cut(agent.generation) {}
        let (problems, agents) = state.withLockedValue { ($0.problems, $0.generation + 1) }
        return server.state.withLockedValue { server in
            Outcome(
                problems: problems + server.engine.violations, agents: agents, requests: server.requests,
                containers: server.engine.starts)
        }
    }

    /// Some of a start's engine requests happen, or all that was begun ends, or nothing.
    private func wait(_ generator: inout SeededGenerator) async throws {
        let requests = server.state.withLockedValue { $0.requests } + Int.random(in: 1...20, using: &generator)
        switch Int.random(in: 0..<10, using: &generator) {
        case ..<3: return
        case ..<7: try await wait(atMost: 40) { server.state.withLockedValue { $0.requests } >= requests }
        default: try await wait(atMost: 150) { agent.runner.instances().allSatisfy { $0.status != .starting } }
        }
    }

    private func wait(atMost milliseconds: Int, until isOver: () -> Bool) async throws {
        for _ in 0..<milliseconds {
            if isOver() { return }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    private func step(_ generator: inout SeededGenerator) async throws {
        switch Int.random(in: 0..<100, using: &generator) {
        case ..<40: start(["a", "b", "c"].randomElement(using: &generator) ?? "a", rejects: generator.chance(10))
        case ..<55: stop(anyInstance(&generator))
        case ..<62: cancel(anyInstance(&generator))
        case ..<67: remove(anyInstance(&generator))
        case ..<77: try kill()
        case ..<83:
            let number = Int.random(in: 0..<100, using: &generator)
            server.change { _ = $0.endContainer(number, code: number % 3) }
        case ..<87:
            let number = Int.random(in: 0..<100, using: &generator)
            server.change { _ = $0.removeContainer(number) }
        case ..<94:
            server.stopEngine(keepingContainers: generator.chance(50))
            try await Task.sleep(for: .microseconds(Int.random(in: 0...30_000, using: &generator)))
            server.startEngine()
        default:
            server.stopEngine(keepingContainers: generator.chance(50))
            try kill()
            server.startEngine()
        }
    }

    private var agent: Agent {
        guard let agent = state.withLockedValue({ $0.agent }) else { preconditionFailure("no agent") }
        return agent
    }

    // MARK: Agents

    private func place(_ generation: Int) -> String { "\(directory)/\(generation)" }

    private func begin() throws {
        let generation = state.withLockedValue { $0.generation }
        let socket = "\(directory)/\(generation).sock"
        server.listen(socket, generation: generation)
        var configuration = RunnerConfiguration(
            stateDirectory: place(generation), cacheDirectory: directory + "/cache",
            agent: try AgentConfig.parse([]).config, environment: ["DOCKER_HOST": "unix://" + socket], userID: 1000,
            version: "simulation", logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() })
        configuration.pace = Self.pace
        let runner = try Runner(configuration, stateDirectory: try StateDirectory(path: place(generation)))
        state.withLockedValue { state in
            state.agent = Agent(runner: runner, generation: generation)
            for id in state.known where runner.instance(id) == nil {
                state.problems.append("\(id) is lost by agent \(generation)")
            }
        }
    }

    /// The agent ends as by SIGKILL: no request of it has an effect, nothing it writes is read.
    ///
    /// The next one begins with what is on the disk in this moment.
    private func kill() throws {
        let old = agent
        let next = state.withLockedValue { state in
            state.generation += 1
            return state.generation
        }
        old.isAlive.withLockedValue { $0 = false }
        try FileAccess.makePrivateDirectory(place(next))
        server.cut(old.generation) {
            // Missing is the journal before its first entry, or a log that is being removed.
            for name in ["owner", "journal", "logs"] {
                try? FileManager.default.copyItem(
                    atPath: "\(place(old.generation))/\(name)", toPath: "\(place(next))/\(name)")
            }
        }
        let ending = Task { await old.runner.shutdown() }
        state.withLockedValue { $0.ending.append(ending) }
        try begin()
    }

    // MARK: Requests

    private func request(_ body: @escaping @Sendable (Agent) async -> Void) {
        let agent = agent
        let task = Task { await body(agent) }
        state.withLockedValue { $0.requests.append(task) }
    }

    private func anyInstance(_ generator: inout SeededGenerator) -> InstanceID? {
        // Instances are listed newest first; their ids are random, their places are not.
        let instances = agent.runner.instances().prefix(4)
        return instances.isEmpty ? nil : instances[Int.random(in: 0..<instances.count, using: &generator)].id
    }

    private func startRequest(_ component: String) -> StartRequest {
        var request = StartRequest()
        request.componentRef = "component:default/\(component)"
        request.source = .directory("\(components)/\(component)")
        return request
    }

    private func start(_ component: String, rejects: Bool) {
        var start = startRequest(component)
        if rejects { start.onExisting = .reject }
        request { [self, start] agent in
            guard let instance = try? await agent.runner.start(start) else { return }
            // What a dead agent answers reaches nobody.
            let wasTold = agent.isAlive.withLockedValue { isAlive in
                if isAlive { state.withLockedValue { _ = $0.known.insert(instance.id) } }
                return isAlive
            }
            if wasTold { _ = await agent.runner.awaitStart(instance.id, until: .running) }
        }
    }

    private func stop(_ id: InstanceID?) {
        guard let id else { return }
        request { _ = try? await $0.runner.stop(id, grace: nil) }
    }

    private func cancel(_ id: InstanceID?) {
        guard let id else { return }
        request { await $0.runner.cancelStart(id) }
    }

    private func remove(_ id: InstanceID?) {
        guard let id else { return }
        state.withLockedValue { _ = $0.known.remove(id) }
        request { try? await $0.runner.remove(id) }
    }

    // MARK: The end

    /// Without faults every request is answered, one more start runs, and after its stop nothing is left.
    private func converge() async throws {
        server.state.withLockedValue { $0.faults = 0 }
        let runner = agent.runner
        let requests = state.withLockedValue { $0.requests }
        await expect("every request is answered") {
            for request in requests { await request.value }
            return nil
        }
        let last = startRequest("a")
        await expect("a start without faults runs") {
            let id = try await runner.start(last).id
            let started = await runner.awaitStart(id, until: .running)
            guard started?.status == .running else {
                return "\(started?.status.rawValue ?? "nothing"): \(started?.failure?.message ?? "")"
            }
            let stopped = try await runner.stop(id, grace: nil)
            return stopped.status == .stopped ? nil : "stop gave \(stopped.status)"
        }
        let live = runner.instances().filter { !$0.status.isTerminal }.map {
            "\($0.id) \($0.status) \($0.epoch(runner))"
        }
        if !live.isEmpty { note("still live: \(live.joined(separator: ", "))") }
        let engine = server.state.withLockedValue { $0.engine }
        let left = engine.containers.map { "\($0.name) of epoch \($0.epoch)" } + engine.networks.map(\.id)
        if !left.isEmpty { note("left in the engine: \(left.joined(separator: ", "))") }
        for id in state.withLockedValue({ $0.known }) where runner.instance(id) == nil { note("\(id) is lost") }
    }

    private func note(_ problem: String) {
        state.withLockedValue { $0.problems.append(problem) }
    }

    /// `body` says what is wrong; not ending in time is too.
    private func expect(_ rule: String, _ body: @escaping @Sendable () async throws -> String?) async {
        do {
            if let problem = try await withDeadline(Self.patience, waitingFor: rule, body) {
                note("\(rule): \(problem)")
            }
        } catch {
            note("\(rule): \(error)")
        }
    }
}

extension Instance {
    fileprivate func epoch(_ runner: Runner) -> String {
        runner.services.registry.epoch(of: id).map(String.init) ?? "-"
    }
}
