import FoundationEssentials

/// The containers, networks and images of an engine, and the rules its API has for them.
///
/// It watches what may never happen: two containers running, or an older start's container started after a newer one's.
struct FakeEngine {
    struct Container {
        var id: String
        var name: String
        var labels: [String: String]
        var network: String
        var isRunning = false
        var wasStarted = false
        var exitCode = 0

        var epoch: Int { labels["dev.runner-agent.epoch"].flatMap { Int($0) } ?? 0 }
        var instance: String { labels["dev.runner-agent.instance"] ?? "" }
    }

    struct Network {
        var id: String
        var labels: [String: String]
    }

    enum Answer {
        case reply(Int, String)
        /// The container's output until it ends.
        case attached(String)
        /// Its exit code when it has ended.
        case waiting(String)
        /// Nothing for ever, such as events that do not happen.
        case silent
    }

    private(set) var containers: [Container] = []
    private(set) var networks: [Network] = []
    private(set) var violations: [String] = []
    private(set) var starts = 0
    private var images: Set<String> = []
    private var count = 0
    private var newestStarted = 0

    private struct CreateBody: Decodable {
        struct HostConfig: Decodable {
            enum CodingKeys: String, CodingKey { case networkMode = "NetworkMode" }

            var networkMode: String?
        }

        enum CodingKeys: String, CodingKey {
            case labels = "Labels"
            case hostConfig = "HostConfig"
        }

        var labels: [String: String]?
        var hostConfig: HostConfig?
    }

    mutating func answer(_ method: String, _ segments: [String], _ query: [String: String], _ body: [UInt8]) -> Answer {
        switch (method, segments.first ?? "", segments.dropFirst().first ?? "", segments.dropFirst(2).first ?? "") {
        case (_, "_ping", _, _): return .reply(200, "OK")
        case ("GET", "version", _, _):
            return .reply(
                200, #"{"Version":"20.10.24","ApiVersion":"1.41","MinAPIVersion":"1.12","Os":"linux","Arch":"amd64"}"#)
        case ("GET", "info", _, _): return .reply(200, #"{"ID":"fake","DockerRootDir":"/"}"#)
        case ("GET", "events", _, _): return .silent
        case ("GET", "images", "json", ""): return .reply(200, "[]")
        case ("GET", "images", let name, "json"):
            guard name.hasPrefix("base") || images.contains(name) else {
                return .reply(404, #"{"message":"No such image"}"#)
            }
            return .reply(200, #"{"Id":"sha256:\#(name.utf8.count)","Config":{}}"#)
        case ("DELETE", "images", _, _): return .reply(200, "[]")
        case ("POST", "build", _, _): return .reply(200, #"{"aux":{"ID":"sha256:built"}}"# + "\r\n")
        case ("GET", "networks", "", _): return .reply(200, "[" + networks.map(json).joined(separator: ",") + "]")
        case ("POST", "networks", "create", _): return createNetwork(body)
        case ("DELETE", "networks", let id, _): return removeNetwork(id)
        case ("GET", "containers", "json", ""): return list(query)
        case ("POST", "containers", "create", _): return create(query["name"] ?? "", body)
        case (_, "containers", let id, let action): return act(method, id, action)
        default: return .reply(404, #"{"message":"page not found"}"#)
        }
    }

    // MARK: What happens without being asked

    /// The container ends by itself; its id.
    mutating func endContainer(_ number: Int, code: Int) -> String? {
        let running = containers.indices.filter { containers[$0].isRunning }
        guard !running.isEmpty else { return nil }
        let index = running[number % running.count]
        containers[index].isRunning = false
        containers[index].exitCode = code
        return containers[index].id
    }

    mutating func removeContainer(_ number: Int) -> String? {
        guard !containers.isEmpty else { return nil }
        return containers.remove(at: number % containers.count).id
    }

    /// The end of an engine that does not keep its containers alive.
    mutating func endAll() {
        for index in containers.indices where containers[index].isRunning {
            containers[index].isRunning = false
            containers[index].exitCode = 137
        }
    }

    func isRunning(_ id: String) -> Bool { find(id).map { containers[$0].isRunning } ?? false }

    func exitCode(_ id: String) -> Int { find(id).map { containers[$0].exitCode } ?? 137 }

    // MARK: Containers

    private func find(_ idOrName: String) -> Int? {
        containers.firstIndex { $0.id == idOrName || $0.name == idOrName }
    }

    private mutating func create(_ name: String, _ body: [UInt8]) -> Answer {
        guard let body = try? JSONDecoder().decode(CreateBody.self, from: Data(body)) else {
            return .reply(400, #"{"message":"bad body"}"#)
        }
        if find(name) != nil { return .reply(409, #"{"message":"Conflict. The container name is already in use"}"#) }
        let network = body.hostConfig?.networkMode ?? ""
        guard networks.contains(where: { $0.id == network }) else {
            return .reply(404, #"{"message":"network not found"}"#)
        }
        count += 1
        containers.append(Container(id: "c\(count)", name: name, labels: body.labels ?? [:], network: network))
        return .reply(201, #"{"Id":"c\#(count)","Warnings":[]}"#)
    }

    private mutating func act(_ method: String, _ id: String, _ action: String) -> Answer {
        guard let index = find(id) else { return .reply(404, #"{"message":"No such container"}"#) }
        switch (method, action) {
        case ("GET", "json"): return .reply(200, json(containers[index]))
        case ("GET", "logs"): return .reply(200, "")
        case ("POST", "start"): return start(index)
        case ("POST", "stop"), ("POST", "kill"):
            guard containers[index].isRunning else { return .reply(304, "") }
            containers[index].isRunning = false
            containers[index].exitCode = 143
            return .reply(204, "")
        case ("POST", "wait"): return .waiting(containers[index].id)
        case ("POST", "attach"): return .attached(containers[index].id)
        case ("DELETE", ""):
            containers.remove(at: index)
            return .reply(204, "")
        default: return .reply(404, #"{"message":"page not found"}"#)
        }
    }

    private mutating func start(_ index: Int) -> Answer {
        let container = containers[index]
        if container.isRunning { return .reply(304, "") }
        if let other = containers.first(where: \.isRunning) {
            violations.append("\(container.instance) was started while \(other.instance) ran")
        }
        if container.epoch < newestStarted {
            violations.append("epoch \(container.epoch) was started after \(newestStarted)")
        }
        newestStarted = max(newestStarted, container.epoch)
        containers[index].isRunning = true
        containers[index].wasStarted = true
        starts += 1
        return .reply(204, "")
    }

    private func list(_ query: [String: String]) -> Answer {
        let shown = containers.filter { $0.isRunning || query["all"] == "1" }
        return .reply(200, "[" + shown.map(summary).joined(separator: ",") + "]")
    }

    private mutating func createNetwork(_ body: [UInt8]) -> Answer {
        guard let body = try? JSONDecoder().decode(CreateBody.self, from: Data(body)) else {
            return .reply(400, #"{"message":"bad body"}"#)
        }
        count += 1
        networks.append(Network(id: "n\(count)", labels: body.labels ?? [:]))
        return .reply(201, #"{"Id":"n\#(count)"}"#)
    }

    private mutating func removeNetwork(_ id: String) -> Answer {
        guard !containers.contains(where: { $0.network == id && $0.isRunning }) else {
            return .reply(403, #"{"message":"network has active endpoints"}"#)
        }
        networks.removeAll { $0.id == id }
        return .reply(204, "")
    }

    // MARK: JSON; nothing in it needs an escape

    private func json(_ labels: [String: String]) -> String {
        "{" + labels.map { #""\#($0.key)":"\#($0.value)""# }.joined(separator: ",") + "}"
    }

    private func json(_ network: Network) -> String {
        #"{"Id":"\#(network.id)","Name":"n","Driver":"bridge","Labels":\#(json(network.labels))}"#
    }

    private func status(_ container: Container) -> String {
        container.isRunning ? "running" : container.wasStarted ? "exited" : "created"
    }

    private func summary(_ container: Container) -> String {
        """
        {"Id":"\(container.id)","Names":["/\(container.name)"],"State":"\(status(container))",\
        "Labels":\(json(container.labels))}
        """
    }

    private func json(_ container: Container) -> String {
        """
        {"Id":"\(container.id)","Name":"/\(container.name)","Image":"sha256:built",\
        "State":{"Status":"\(status(container))","Running":\(container.isRunning),"ExitCode":\(container.exitCode)},\
        "Config":{"Image":"i","Labels":\(json(container.labels)),"Tty":false},\
        "HostConfig":{"LogConfig":{"Type":"json-file"}},\
        "NetworkSettings":{"Ports":{"3000/tcp":[{"HostIp":"0.0.0.0","HostPort":"40000"}]}}}
        """
    }
}
