import FoundationEssentials
import RunnerConfig

/// A token and where it came from, for messages: the token itself is never in one.
struct ChosenToken: Sendable {
    let secret: Secret
    let origin: String
}

/// Decides which token a request to a host carries.
///
/// The request's own wins over the host's configured one, and that over `GITHUB_TOKEN` and `GH_TOKEN`, which count for
/// github.com alone: an ambient token must not reach a server it was not made for.
struct TokenChooser: Sendable {
    let environment: [String: String]

    static let limitBytes = 16 << 10

    func token(for host: GitHubHost, request: Secret?) throws(SourceError) -> ChosenToken? {
        if let request, let token = try Self.checked(request.value, origin: "the request's credentials") {
            return token
        }
        switch host.tokenSource {
        case .value(let secret)?:
            if let token = try Self.checked(secret.value, origin: "the agent's configuration") { return token }
        case .file(let path)?:
            if let token = try Self.checked(Self.contents(of: path), origin: "the file \(path)") { return token }
        case .environment(let name)?:
            guard let token = try Self.checked(environment[name] ?? "", origin: "the variable \(name)") else {
                throw Self.unusable("the variable \(name)", "is not set or empty")
            }
            return token
        case nil:
            break
        }
        guard host.name == GitHubHost.publicName else { return nil }
        for name in ["GITHUB_TOKEN", "GH_TOKEN"] {
            if let token = try Self.checked(environment[name] ?? "", origin: "the variable \(name)") { return token }
        }
        return nil
    }

    /// Nil for an empty token.
    private static func checked(_ text: String, origin: String) throws(SourceError) -> ChosenToken? {
        let bytes = text.utf8.drop { $0 <= 0x20 }
        let end = bytes.lastIndex { $0 > 0x20 }
        guard let end else { return nil }
        let token = bytes[...end]
        // Anything else would end the header field or begin another.
        guard token.count <= limitBytes, token.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw unusable(origin, "holds no token: it has spaces, control characters or is too long")
        }
        return ChosenToken(secret: Secret(String(Substring(token))), origin: origin)
    }

    /// The first line of a small file; its size is checked before it is read.
    private static func contents(of path: String) throws(SourceError) -> String {
        let data: Data
        do {
            // Secrets are often mounted as links, whose own mode says nothing.
            let target = URL(filePath: path).resolvingSymlinksInPath()
            let attributes = try FileManager.default.attributesOfItem(atPath: target.path)
            // Opening a pipe would wait for whoever writes to it.
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw unusable("the file \(path)", "is not a regular file")
            }
            let mode = attributes[.posixPermissions] as? Int ?? 0
            guard mode & 0o007 == 0 else {
                throw unusable("the file \(path)", "can be read by every user", hint: "Run: chmod 600 \(path)")
            }
            guard (attributes[.size] as? Int ?? 0) <= limitBytes else {
                throw unusable("the file \(path)", "is larger than \(limitBytes) bytes")
            }
            data = try Data(contentsOf: target)
        } catch let error as SourceError {
            throw error
        } catch {
            throw unusable("the file \(path)", "cannot be read")
        }
        return String(decoding: data.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    private static func unusable(_ origin: String, _ reason: String, hint: String? = nil) -> SourceError {
        SourceError(
            SourceError.Code.unauthorized, "The GitHub token cannot be used: \(origin) \(reason)",
            hint: hint ?? "Mend the token's entry below `github` in the agent's configuration, or remove it.")
    }
}
