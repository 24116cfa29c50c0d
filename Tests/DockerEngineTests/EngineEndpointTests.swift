import Testing

@testable import DockerEngine

@Suite struct EngineEndpointTests {
    @Test(arguments: [
        ("unix:///var/run/docker.sock", EngineEndpoint.Transport.unix(path: "/var/run/docker.sock")),
        ("/tmp/x.sock", .unix(path: "/tmp/x.sock")),
        (" UNIX:///a ", .unix(path: "/a")),
        ("tcp://10.0.0.5:2376", .tcp(host: "10.0.0.5", port: 2376)),
        ("tcp://engine", .tcp(host: "engine", port: 2375)),
        ("http://engine:80/", .tcp(host: "engine", port: 80)),
        ("tcp://[::1]:2375", .tcp(host: "::1", port: 2375)),
    ])
    func `reads an address`(text: String, transport: EngineEndpoint.Transport) throws {
        #expect(try EngineEndpoint.parse(text).transport == transport)
    }

    @Test(arguments: [
        ("", "empty"), ("docker.sock", "no scheme"), ("unix://docker.sock", "absolute"),
        ("npipe:////./pipe/x", "npipe"),
        ("fd://", "fd"), ("ssh://me@host", "ssh -N -L"), ("https://host:2376", "TLS"),
        ("tcp://:2375", "host is missing"),
        ("tcp://host:0", "port"), ("tcp://host:65536", "port"), ("tcp://host:1/path", "only a host"),
        ("tcp://user@host:1", "only a host"), ("unix:///a\nb", "control"), ("gopher://x", "not known"),
        ("unix:///" + String(repeating: "a", count: 107), "107 bytes"),
    ])
    func `refuses an address and says why`(text: String, reason: String) {
        let error = #expect(throws: EngineError.self) { try EngineEndpoint.parse(text) }
        #expect(error?.kind == .unsupported)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test func `shows an address as a URL`() throws {
        #expect(try EngineEndpoint.parse("/a/b").description == "unix:///a/b")
        #expect(try EngineEndpoint.parse("tcp://[::1]").description == "tcp://[::1]:2375")
    }
}
