import TestSupport

/// A component made for one test.
struct Component {
    let path: String

    /// Writes a directory with a Dockerfile on the base image and a configuration.
    static func make(
        in directory: String, _ name: String, dockerfile: String?,
        config: String? = "runner: {type: docker, ports: [\"auto:3000\"]}",
        files: [String: String] = [:]
    ) async throws -> Component {
        let path = "\(directory)/\(name)"
        try await run("/bin/mkdir", ["-p", path + "/.runner"])
        if let dockerfile {
            try writeTextFile("FROM \(EngineUnderTest.baseImage)\n" + dockerfile, to: path + "/Dockerfile")
        }
        if let config { try writeTextFile(config, to: path + "/.runner/config.yml") }
        for (file, text) in files { try writeTextFile(text, to: "\(path)/\(file)") }
        return Component(path: path)
    }

    /// One that serves until it is stopped and says so.
    static func server(in directory: String, _ name: String, _ extra: String = "") async throws -> Component {
        try await make(
            in: directory, name,
            dockerfile: """
                \(extra)
                CMD ["sh", "-c", "echo \(name) is up; exec httpd -f -p 3000"]
                """)
    }
}

/// Runs a program to its end and gives what it printed; throws when it fails.
@discardableResult
func run(_ program: String, _ arguments: [String]) async throws -> String {
    try await ChildProcess.run(program, arguments) { process in
        try await process.closeInput()
        async let errors = process.errorOutput.rest()
        let output = try await process.output.rest().joined(separator: "\n")
        let ending = try await process.ending()
        guard ending == .exited(0) else {
            throw ProgramFailed(program: program, errors: try await errors)
        }
        _ = try await errors
        return output
    }
}

struct ProgramFailed: Error {
    let program: String
    let errors: [String]
}

/// What the engine itself says about one agent's things.
enum EngineView {
    static func get(_ path: String) async throws -> String {
        let socket = try EngineUnderTest.requireSocketPath()
        return try await run("/usr/bin/curl", ["-sS", "--globoff", "--unix-socket", socket, "http://engine\(path)"])
    }

    static func send(_ method: String, _ path: String, _ json: String = "") async throws -> String {
        let socket = try EngineUnderTest.requireSocketPath()
        let body = json.isEmpty ? [] : ["-H", "Content-Type: application/json", "--data-binary", json]
        return try await run(
            "/usr/bin/curl",
            ["-sS", "--fail-with-body", "--globoff", "-X", method, "--unix-socket", socket, "http://engine\(path)"]
                + body)
    }

    /// Everything with the owner's label, or in the owner's network.
    static func leftovers(of owner: String) async throws -> String {
        let filter = "%7B%22label%22%3A%5B%22dev.runner-agent.owner%3D\(owner)%22%5D%7D"
        let containers = try await get("/containers/json?all=1&filters=\(filter)")
        let networks = try await get("/networks?filters=\(filter)")
        let dangling = try await get(
            "/images/json?filters=%7B%22dangling%22%3A%5B%22true%22%5D%2C%22label%22%3A%5B%22dev.runner-agent.owner%3D\(owner)%22%5D%7D"
        )
        return [containers, networks, dangling].filter { $0 != "[]" }.joined(separator: "\n")
    }
}

extension String {
    /// How many pieces the text falls into.
    func components(separatedBy separator: String) -> Int { ranges(of: separator).count + 1 }
}

extension AgentUnderTest {
    var owner: String { get throws { try readTextFile(stateDirectory + "/owner") } }

    func client() throws -> RPCClient { RPCClient(try connect()) }
}
