import Subprocess
import SystemPackage

/// A GitHub on loopback that serves real repositories, made with git: see `Tests/support/loopback-github`.
package struct LoopbackGitHub: Sendable {
    /// The API, for example `http://127.0.0.1:4000`.
    package let api: String
    /// Where archives come from, for example `http://127.0.0.1:4001`.
    package let codeload: String
    /// The base URL of a Backstage catalog, for example `http://127.0.0.1:4002/api/catalog`.
    package let catalog: String
    /// The host of locations, for example `127.0.0.1:4000`.
    package let host: String
    /// Holds `OWNER/REPO.git`.
    package let root: String
    /// Each request as a line of JSON.
    package let recordPath: String

    /// Starts it with no repository and runs `body`.
    ///
    /// With a `token`, private repositories are served to its bearer. With `certificates`, a directory that
    /// ``makeCertificates(in:days:)`` has filled, it speaks TLS.
    @discardableResult
    package static func run<Value>(
        token: String? = nil, catalogToken: String? = nil, certificates: String? = nil,
        body: (LoopbackGitHub) async throws -> Value
    ) async throws -> Value {
        try await withTemporaryDirectory { directory in
            let root = "\(directory)/repositories"
            let record = "\(directory)/requests"
            _ = try await Subprocess.run(.path("/bin/mkdir"), arguments: [root], output: .discarded)
            try writeTextFile("", to: record)
            let options = [("--token", token), ("--catalog-token", catalogToken), ("--tls", certificates)]
            let arguments =
                [root, "--record", record] + options.flatMap { name, value in value.map { [name, $0] } ?? [] }
            return try await ChildProcess.run(SupportTools.path("loopback-github"), arguments) { process in
                guard let line = try await process.output.next(), let api = stringMember("api", of: line),
                    let codeload = stringMember("codeload", of: line), let host = stringMember("host", of: line),
                    let catalog = stringMember("catalog", of: line)
                else {
                    throw ToolFailure(tool: "loopback-github", output: try await process.errorOutput.rest())
                }
                return try await body(
                    LoopbackGitHub(
                        api: api, codeload: codeload, catalog: catalog, host: host, root: root, recordPath: record))
            }
        }
    }

    /// Makes `directory` the repository `name` (`OWNER/REPO`) with one commit on `branch`, whose id is returned.
    @discardableResult
    package func addRepository(_ name: String, from directory: String, branch: String = "main") async throws -> String {
        let result = try await Subprocess.run(
            .path(FilePath(SupportTools.path("make-repository"))), arguments: [directory, root, name, branch],
            output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess, let commit = result.standardOutput.split(separator: "\n").last else {
            throw ToolFailure(tool: "make-repository", output: [result.standardError])
        }
        return String(commit)
    }

    /// The location of a repository's directory as Backstage writes it.
    package func location(_ name: String, ref: String = "main", directory: String = "") -> String {
        "url:https://\(host)/\(name)/tree/\(ref)/\(directory)"
    }

    /// The agent's configuration that leads here.
    package var agentConfiguration: String { agentConfiguration() }

    /// The same with more lines of YAML for the host's entry, for example `token: abc`.
    package func agentConfiguration(adding lines: [String] = []) -> String {
        let archiveHost = codeload.split(separator: "/").last ?? ""
        let all =
            ["- host: \"\(host)\"", "  apiBaseUrl: \"\(api)\"", "  archiveHosts: [\"\(archiveHost)\"]"]
            + (api.hasPrefix("http:") ? ["  allowHttp: true"] : []) + lines.map { "  " + $0 }
        return "github:\n" + all.map { "  \($0)\n" }.joined()
    }

    /// Makes an entity known to the catalog, or scripts what is answered about it with the suffix `.behaviour.json`.
    package func setEntity(_ reference: String, to json: String, suffix: String = ".json") async throws {
        let path = "\(root)/catalog/" + reference.replacing(":", with: "/")
        let directory = path.split(separator: "/").dropLast().joined(separator: "/")
        _ = try await Subprocess.run(.path("/bin/mkdir"), arguments: ["-p", "/" + directory], output: .discarded)
        try writeTextFile(json, to: path + suffix)
    }

    /// Fills `directory` with a certificate authority, `ca.pem`, and a certificate of it for `localhost`.
    package static func makeCertificates(in directory: String, days: Int = 2) async throws {
        let result = try await Subprocess.run(
            .path(FilePath(SupportTools.path("make-certificate"))), arguments: [directory, "\(days)"],
            output: .discarded, error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else {
            throw ToolFailure(tool: "make-certificate", output: [result.standardError])
        }
    }

    /// The requests so far, one JSON object each.
    package func requests() throws -> [String] {
        try readTextFile(recordPath).split(separator: "\n").map(String.init)
    }
}

/// A program of `Tests/support` did not do what a test needs.
package struct ToolFailure: Error, CustomStringConvertible {
    package let tool: String
    package let output: [String]

    package var description: String { "\(tool) failed: \(output.joined(separator: "\n"))" }
}

/// The value of a string member in a flat JSON object without escapes, which is what our own tools print.
private func stringMember(_ name: String, of line: String) -> String? {
    line.firstRange(of: "\"\(name)\": \"").map { String(line[$0.upperBound...].prefix { $0 != "\"" }) }
}
