import Glibc
import TestSupport

/// `Tests/support/fault-proxy` between an agent and the engine.
struct FaultProxy {
    let process: ChildProcess
    /// For the agent's `--engine`.
    let url: String

    @discardableResult
    static func run<Value>(
        in directory: String, _ faults: [String] = [], body: (FaultProxy) async throws -> Value
    ) async throws -> Value {
        let engine = try EngineUnderTest.requireSocketPath()
        let socket = "\(directory)/engine-proxy.sock"
        return try await ChildProcess.run(SupportTools.path("fault-proxy"), [socket, engine] + faults) { process in
            _ = try await process.output.first { $0 == "ready" }
            let proxy = FaultProxy(process: process, url: "unix://\(socket)")
            let result: Result<Value, any Error>
            do {
                result = .success(try await body(proxy))
            } catch {
                result = .failure(error)
            }
            // A stopped process does not hear that it shall end.
            try proxy.thaw()
            return try result.get()
        }
    }

    /// From now on it takes connections and never answers.
    func freeze() throws { try process.signal(SIGSTOP) }

    func thaw() throws { try process.signal(SIGCONT) }

    func cutAll() throws { try process.signal(SIGUSR1) }
}
