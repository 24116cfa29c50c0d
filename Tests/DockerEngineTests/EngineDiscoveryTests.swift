import FoundationEssentials
import TestSupport
import Testing

@testable import DockerEngine

@Suite struct EngineDiscoveryTests {
    private func discover(_ environment: [String: String], explicit: String? = nil) throws -> [String] {
        try EngineEndpoint.discover(explicit: explicit, environment: environment, uid: 1000).map(\.description)
    }

    @Test func `takes the named engine alone`() throws {
        #expect(try discover(["DOCKER_HOST": "unix:///b"], explicit: "unix:///a") == ["unix:///a"])
        #expect(try discover(["DOCKER_HOST": "unix:///b", "DOCKER_CONTEXT": "c"]) == ["unix:///b"])
    }

    @Test func `refuses a named engine it cannot use`() {
        #expect(throws: EngineError.self) { try discover(["DOCKER_HOST": "ssh://host"]) }
        #expect(throws: EngineError.self) {
            try discover(["DOCKER_HOST": "tcp://host:2376", "DOCKER_TLS_VERIFY": "1"])
        }
    }

    @Test func `lists the usual sockets in order, each once`() throws {
        let found = try discover([
            "XDG_RUNTIME_DIR": "/run/user/1000", "HOME": "/home/me", "CONTAINER_HOST": "unix:///podman.sock",
        ])
        #expect(found.first == "unix:///var/run/docker.sock")
        #expect(found.dropFirst().first == "unix:///run/user/1000/docker.sock")
        #expect(Set(found).count == found.count)
        let docker = try #require(found.firstIndex(of: "unix:///run/user/1000/docker.sock"))
        let named = try #require(found.firstIndex(of: "unix:///podman.sock"))
        let podman = try #require(found.firstIndex(of: "unix:///run/user/1000/podman/podman.sock"))
        #expect(docker < named && named < podman)
    }

    @Test func `follows the selected docker context`() async throws {
        try await withTemporaryDirectory { directory in
            let meta = "\(directory)/contexts/meta/5f2a"
            try FileManager.default.createDirectory(atPath: meta, withIntermediateDirectories: true)
            try write(#"{"currentContext":"rem"}"#, to: "\(directory)/config.json")
            try write(
                #"{"Name":"rem","Metadata":{"Description":"x"},"Endpoints":{"docker":{"Host":"tcp://10.0.0.5:2375","SkipTLSVerify":false}}}"#,
                to: "\(meta)/meta.json")
            #expect(try discover(["DOCKER_CONFIG": directory]) == ["tcp://10.0.0.5:2375"])
            let usual = try discover(["DOCKER_CONFIG": directory, "DOCKER_CONTEXT": "default"])
            #expect(usual.first == "unix:///var/run/docker.sock")
            let error = #expect(throws: EngineError.self) {
                try discover(["DOCKER_CONFIG": directory, "DOCKER_CONTEXT": "other"])
            }
            #expect(error?.message.contains("\"other\"") == true)

            let tls = "\(directory)/contexts/tls/5f2a/docker"
            try FileManager.default.createDirectory(atPath: tls, withIntermediateDirectories: true)
            let refused = #expect(throws: EngineError.self) { try discover(["DOCKER_CONFIG": directory]) }
            #expect(refused?.message.contains("TLS") == true)
        }
    }

    @Test func `ignores a configuration that is no JSON`() async throws {
        try await withTemporaryDirectory { directory in
            try write("{", to: "\(directory)/config.json")
            #expect(try discover(["DOCKER_CONFIG": directory]).first == "unix:///var/run/docker.sock")
        }
    }

    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }
}
