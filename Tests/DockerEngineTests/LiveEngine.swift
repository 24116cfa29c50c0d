import DockerEngine
import HTTPTransport
import Logging
import TestSupport

/// A real engine for one test: a client, a unique name, and the removal of everything that bears its label.
struct LiveEngine: Sendable {
    static let label = "dev.runner-agent.test"

    let client: EngineClient
    /// Unique, and fit for the name of a container, an image or a network.
    let name: String

    var labels: [String: String] { [Self.label: name] }

    /// A small image that does nothing by itself.
    func spec(_ script: String) -> ContainerSpec {
        var spec = ContainerSpec(image: EngineUnderTest.baseImage)
        spec.command = ["/bin/sh", "-c", script]
        spec.labels = labels
        spec.memoryBytes = 64 << 20
        spec.pidsLimit = 64
        return spec
    }

    func create(_ spec: ContainerSpec, suffix: String = "") async throws -> String {
        try await client.createContainer(name: name + suffix, spec).id
    }

    /// Builds a Dockerfile; returns all events, or throws what the build threw.
    func build(
        _ dockerfile: String, files: [(name: String, text: String)] = [],
        change: (inout BuildRequest) -> Void = { _ in }
    ) async throws -> [BuildEvent] {
        var request = BuildRequest(tags: ["\(name):1"])
        request.labels = labels
        change(&request)
        let context = HTTPBodyPipe()
        let tar = makeTar([("Dockerfile", dockerfile)] + files)
        async let written: Void = {
            // A build that is refused early takes no more of its context.
            try? await context.writeAsync(tar)
            context.finish()
        }()
        var events: [BuildEvent] = []
        for try await event in client.build(request, context: context) { events.append(event) }
        await written
        return events
    }
}

/// Runs `body` with the engine under test and removes what it leaves.
func withLiveEngine<Value: Sendable>(_ body: @Sendable (LiveEngine) async throws -> Value) async throws -> Value {
    let url = try EngineUnderTest.require()
    let client = EngineClient(
        http: HTTPClient(label: "live"), endpoint: try EngineEndpoint.parse(url),
        logger: Logger(label: "live") { _ in SwiftLogNoOpLogHandler() })
    let live = LiveEngine(client: client, name: "ra-test-\(UInt64.random(in: .min ... .max))")
    let result: Result<Value, any Error>
    do {
        result = .success(try await body(live))
    } catch {
        result = .failure(error)
    }
    // In a task of its own, so that a cancelled test cleans up too.
    try await Task {
        for container in try await client.listContainers(labels: live.labels, all: true) {
            try await client.removeContainer(container.id, force: true)
        }
        for image in try await client.listImages(labels: live.labels) {
            try await client.removeImage(image.id, force: true)
        }
        for network in try await client.listNetworks(labels: live.labels) {
            try await client.removeNetwork(network.id)
        }
    }.value
    return try result.get()
}

/// A plain tar of regular files, as engines take it.
func makeTar(_ files: [(name: String, text: String)]) -> [UInt8] {
    var tar: [UInt8] = []
    for file in files {
        let contents = Array(file.text.utf8)
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            header.replaceSubrange(offset..<(offset + text.utf8.count), with: Array(text.utf8))
        }
        func octal(_ value: Int, digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: digits - text.count) + text
        }
        put(file.name, at: 0)
        put(octal(0o644, digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(contents.count, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6), at: 148)
        header[154] = 0
        tar += header + contents
        tar += [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512)
    }
    return tar + [UInt8](repeating: 0, count: 1024)
}
