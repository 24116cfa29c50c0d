import TestSupport
import Testing

@testable import DockerEngine

@Suite struct RegistryLoginsTests {
    private func outcome(
        _ config: String?, _ host: String, environment: [String: String] = [:]
    ) async throws -> RegistryLogins.Outcome {
        try await withTemporaryDirectory { directory in
            if let config { try writeTextFile(config, to: "\(directory)/config.json") }
            var environment = environment
            environment["DOCKER_CONFIG"] = directory
            let logins = RegistryLogins(environment: environment)
            _ = await logins.login(for: RegistryHost(host))
            return try #require(logins.asked[RegistryHost(host)])
        }
    }

    private func login(
        _ config: String?, _ host: String, environment: [String: String] = [:]
    ) async throws -> RegistryAuth? {
        guard case .login(let auth) = try await outcome(config, host, environment: environment) else { return nil }
        return auth
    }

    private func problem(
        _ config: String?, _ host: String, environment: [String: String] = [:]
    ) async throws -> String? {
        guard case .problem(let problem) = try await outcome(config, host, environment: environment) else { return nil }
        return problem.message
    }

    // "dTpwOnc=" is u:p:w
    @Test(arguments: [
        ("registry.example.com", "registry.example.com"), ("https://registry.example.com", "registry.example.com"),
        ("https://registry.example.com/v1/", "registry.example.com"),
        ("Registry.Example.com:5000", "registry.example.com:5000"),
        ("https://index.docker.io/v1/", "registry-1.docker.io"), ("docker.io", "index.docker.io"),
    ])
    func `a login in the file is found under every spelling`(key: String, host: String) async throws {
        let auth = try await login(#"{"auths":{"\#(key)":{"auth":"dTpwOnc="}}}"#, host)
        #expect(auth?.username == "u")
        #expect(auth?.password == "p:w")
        let other = try await login(#"{"auths":{"\#(key)":{"auth":"dTpwOnc="}}}"#, "elsewhere.example.com")
        #expect(other == nil)
    }

    @Test func `no file, no entry and an empty entry are no login and no problem`() async throws {
        for config in [nil, "{}", #"{"auths":{"h":{}}}"#, #"{"auths":{}}"#] {
            guard case .none = try await outcome(config, "h") else {
                Issue.record("\(config ?? "no file")")
                continue
            }
        }
    }

    @Test(arguments: [
        ("{", "no configuration of Docker's"), (#"{"auths":{"h":{"auth":"%%"}}}"#, "base64"),
        (#"{"auths":{"h":{"auth":"dTo="}},"credHelpers":{"h":"../../bin/sh"}}"#, "no name of a credential helper"),
        (#"{"credsStore":"is-nowhere"}"#, "docker-credential-is-nowhere"),
    ])
    func `what cannot be looked up is told without a secret`(config: String, says: String) async throws {
        let message = try await problem(config, "h", environment: ["PATH": "/usr/bin:/bin"])
        #expect(message?.contains(says) == true, "\(message ?? "no problem")")
    }

    @Test func `an identity token is a login`() async throws {
        let auth = try await login(#"{"auths":{"h":{"auth":"dTo=","identitytoken":"t"}}}"#, "h")
        #expect(auth?.identityToken == "t")
    }

    @Test(
        arguments: [
            (#"cat >/dev/null; echo '{"ServerURL":"h","Username":"u","Secret":"p"}'"#, "u:p", nil),
            (#"cat >/dev/null; echo '{"ServerURL":"h","Username":"<token>","Secret":"t"}'"#, ":", nil),
            (#"cat >/dev/null; echo 'credentials not found in native keychain'; exit 1"#, nil, nil),
            (#"cat >/dev/null; echo 'the vault is sealed'; exit 1"#, nil, "the vault is sealed"),
            (#"cat >/dev/null; echo '{"Secret":"hidden"}'; exit 1"#, nil, "failed"),
            (#"cat >/dev/null; echo '{"Secret":"hidden"'"#, nil, "cannot be read"),
            ("cat >/dev/null; head -c 100000 /dev/zero", nil, "bytes"),
        ] as [(String, String?, String?)])
    func `a helper's answer is a login, none, or a problem`(
        script: String, expected: String?, says: String?
    ) async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/docker-credential-x"
            try writeTextFile("#!/bin/sh\n\(script)\n", to: path)
            _ = try await ChildProcess.run("/bin/chmod", ["755", path]) { try await $0.ending() }
            let environment = ["PATH": "\(directory):/usr/bin:/bin"]
            let config = #"{"credsStore":"x"}"#
            let auth = try await login(config, "h", environment: environment)
            #expect(auth.map { "\($0.username):\($0.password)" } == expected)
            let message = try await problem(config, "h", environment: environment)
            #expect((message == nil) == (says == nil), "\(message ?? "no problem")")
            if let says { #expect(message?.contains(says) == true, "\(message ?? "no problem")") }
            #expect(message?.contains("hidden") != true)
        }
    }

    @Test(arguments: [
        ("node:18", "docker.io"), ("library/node", "docker.io"), ("localhost/x", "localhost"),
        ("127.0.0.1:5000/a/b:1", "127.0.0.1:5000"), ("ghcr.io/o/i@sha256:1", "ghcr.io"), ("docker.io/x/y", "docker.io"),
    ])
    func `an image's registry is what precedes its first slash, when that is a host`(image: String, host: String) {
        #expect(RegistryHost(ofImage: image).name == host)
    }
}
