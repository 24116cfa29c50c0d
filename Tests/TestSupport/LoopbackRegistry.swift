import Subprocess
import SystemPackage

/// A registry on loopback that wants tokens: see `Tests/support/loopback-registry`.
package struct LoopbackRegistry: Sendable {
    /// Of image references, for example `127.0.0.1:4000`.
    package let host: String
    private let recordPath: String

    package static let user = "octo"
    package static let password = "loopback-password-7391"

    /// Starts it with the base image as `public/base:1` and `private/base:1`, and runs `body`.
    @discardableResult
    package static func run<Value>(body: (LoopbackRegistry) async throws -> Value) async throws -> Value {
        try await withTemporaryDirectory { directory in
            let record = "\(directory)/record"
            try writeTextFile("", to: record)
            // Not an argument: tests look for the password among the arguments of all processes.
            let users = "\(directory)/users"
            try writeTextFile("\(user):\(password)\n", to: users)
            let data = "\(directory)/registry"
            _ = try await Subprocess.run(.path("/bin/mkdir"), arguments: [data], output: .discarded)
            let arguments = [
                data, "--record", record, "--users", users,
                "--image", "\(EngineUnderTest.baseImage)=public/base:1",
                "--image", "\(EngineUnderTest.baseImage)=private/base:1",
            ]
            return try await ChildProcess.run(SupportTools.path("loopback-registry"), arguments) { process in
                guard let line = try await process.output.next(), let start = line.firstRange(of: "\"host\": \"") else {
                    throw ToolFailure(tool: "loopback-registry", output: try await process.errorOutput.rest())
                }
                let host = String(line[start.upperBound...].prefix { $0 != "\"" })
                return try await body(LoopbackRegistry(host: host, recordPath: record))
            }
        }
    }

    /// The requests for tokens so far, one JSON object each.
    package func tokenRequests() throws -> [String] {
        try readTextFile(recordPath).split(separator: "\n").map(String.init)
    }

    /// Docker's configuration with a login for this registry; `password` may be a wrong one.
    package func dockerConfig(password: String = password) -> String {
        #"{"auths":{"\#(host)":{"username":"\#(Self.user)","password":"\#(password)"}}}"#
    }
}
