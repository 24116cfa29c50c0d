import TestSupport
import Testing

@testable import RunnerCore

/// `RUNNER_AGENT_SIMULATIONS` histories (300) from seed `RUNNER_AGENT_SIMULATION_SEED` (1) on.
@Suite struct SimulationTests {
    private static let atOnce = 32

    @Test func `in random histories with faults never two run, no instance is lost, and all converges`() async throws {
        let count = environmentVariable("RUNNER_AGENT_SIMULATIONS").flatMap { UInt64($0) } ?? 300
        let first = environmentVariable("RUNNER_AGENT_SIMULATION_SEED").flatMap { UInt64($0) } ?? 1
        try await withTemporaryDirectory { directory in
            for name in ["a", "b", "c"] {
                let path = "\(directory)/\(name)"
                try FileAccess.makePrivateDirectory(path + "/.runner")
                try writeTextFile("FROM base\n", to: path + "/Dockerfile")
                try writeTextFile("runner: {type: docker, ports: [\"auto:3000\"]}", to: path + "/.runner/config.yml")
            }
            var total = History.Outcome()
            await withTaskGroup(of: History.Outcome.self) { group in
                for seed in first..<first + count {
                    if seed >= first + UInt64(Self.atOnce), let outcome = await group.next() { total.add(outcome) }
                    group.addTask { await Self.run(seed, in: directory) }
                }
                for await outcome in group { total.add(outcome) }
            }
            print(
                "simulated \(count) histories: \(total.agents) agents, \(total.requests) engine requests, "
                    + "\(total.containers) containers started")
            #expect(
                total.problems.isEmpty, "\(total.problems.count): \(total.problems.prefix(10).joined(separator: "\n"))")
        }
    }

    /// Each problem with the way to see it again.
    private static func run(_ seed: UInt64, in directory: String) async -> History.Outcome {
        let place = "\(directory)/\(seed)"
        var outcome = History.Outcome()
        do {
            try FileAccess.makePrivateDirectory(place)
            defer { FileAccess.removeTree(place) }
            outcome = try await History(seed: seed, directory: place, components: directory).run()
        } catch {
            outcome.problems.append("\(error)")
        }
        outcome.problems = outcome.problems.map {
            "RUNNER_AGENT_SIMULATION_SEED=\(seed) RUNNER_AGENT_SIMULATIONS=1: \($0)"
        }
        return outcome
    }
}

extension History.Outcome {
    fileprivate mutating func add(_ other: History.Outcome) {
        problems += other.problems
        agents += other.agents
        requests += other.requests
        containers += other.containers
    }
}
