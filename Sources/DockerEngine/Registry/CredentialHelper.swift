import FoundationEssentials
import Subprocess

/// A `docker-credential-NAME` program, which knows logins that no file holds.
///
/// The protocol: <https://github.com/docker/docker-credential-helpers#development>. The registry goes to its stdin and the
/// login comes from its stdout, so neither is ever in an argument, in an environment or on a disk.
struct CredentialHelper {
    /// The longest answer.
    static let maxAnswerBytes = 64 << 10
    /// Enough for a helper that asks a cloud's service; one that asks a person is of no use here.
    static let timeout: Duration = .seconds(30)
    /// What helpers say, by their protocol, about a registry they do not know.
    private static let unknown = "credentials not found"
    /// The user name that says that the secret is an identity token.
    private static let tokenUser = "<token>"

    private struct Answer: Decodable {
        enum CodingKeys: String, CodingKey {
            case username = "Username"
            case secret = "Secret"
        }

        let username: String
        let secret: String
    }

    let program: String
    private let environment: [String: String]

    /// A name comes from a file, so it must not lead to a program elsewhere.
    init(name: String, environment: [String: String]) throws(RegistryLoginProblem) {
        let isPlain = name.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
        }
        guard !name.isEmpty, isPlain else {
            throw RegistryLoginProblem("\"\(name)\" is no name of a credential helper")
        }
        program = "docker-credential-\(name)"
        self.environment = environment
    }

    /// The login; nil when the helper has none for the registry.
    func login(for host: RegistryHost) async throws(RegistryLoginProblem) -> RegistryAuth? {
        let (status, output) = try await run(host.serverAddress)
        guard case .exited(0) = status else {
            if output.lowercased().contains(Self.unknown) { return nil }
            // Its words, unless they look like an answer.
            let said = output.hasPrefix("{") ? "" : ": " + output.trimmed.prefix(200)
            throw RegistryLoginProblem("\(program) failed (\(status))\(said)")
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(output.utf8)) else {
            // The error would quote the answer.
            throw RegistryLoginProblem("\(program) gave an answer that cannot be read")
        }
        guard !answer.secret.isEmpty else { return nil }
        guard answer.username != Self.tokenUser else {
            return RegistryAuth(
                username: "", password: "", serverAddress: host.serverAddress, identityToken: answer.secret)
        }
        return RegistryAuth(username: answer.username, password: answer.secret, serverAddress: host.serverAddress)
    }

    /// Ends the program when it takes too long, or when the task is cancelled.
    private func run(_ input: String) async throws(RegistryLoginProblem) -> (TerminationStatus, String) {
        let program = program
        let variables = Dictionary(
            uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
        do {
            return try await withThrowingTaskGroup(of: (TerminationStatus, String)?.self) { group in
                group.addTask {
                    let result = try await Subprocess.run(
                        .name(program), arguments: ["get"], environment: .custom(variables),
                        input: .string(input), output: .string(limit: Self.maxAnswerBytes), error: .discarded)
                    return (result.terminationStatus, result.standardOutput)
                }
                group.addTask {
                    try await Task.sleep(for: Self.timeout)
                    return nil
                }
                defer { group.cancelAll() }
                guard let first = try await group.next(), let ended = first else {
                    throw RegistryLoginProblem("\(program) did not answer within \(Self.timeout.components.seconds) s")
                }
                return ended
            }
        } catch let problem as RegistryLoginProblem {
            throw problem
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw RegistryLoginProblem("\(program) is named in Docker's configuration and is not in the agent's PATH")
        } catch let error as SubprocessError where error.code == .outputLimitExceeded {
            throw RegistryLoginProblem("\(program) answered more than \(Self.maxAnswerBytes) bytes")
        } catch {
            throw RegistryLoginProblem("\(program) could not be run")
        }
    }
}
