import Dispatch
import Glibc
import NIOConcurrencyHelpers

/// A fake engine behind real HTTP on unix sockets, that fails, delays, loses answers and restarts as its seed says.
///
/// Each agent has a socket of its own: cut off, no request of it has an effect any more, as after `kill -9`.
final class FakeEngineServer: Sendable {
    enum Fault: CaseIterable {
        case refused, delayed, failedBefore, failedAfter, answerLost, answerCut, garbage
    }

    struct State {
        var engine = FakeEngine()
        var generator: SeededGenerator
        /// Percent of requests with a fault.
        var faults = 0
        var isDown = false
        var live: Set<Int> = []
        var listeners: [Int: Int32] = [:]
        /// Connections whose answer ends with a container; nil for one that never ends.
        var held: [(descriptor: Int32, generation: Int, container: String?, isWait: Bool)] = []
        var requests = 0
    }

    let state: NIOLockedValueBox<State>
    private let connections = DispatchQueue(label: "fake engine", attributes: .concurrent)

    init(seed: UInt64) {
        state = NIOLockedValueBox(State(generator: SeededGenerator(seed: seed)))
    }

    // MARK: The scenario's side

    /// Listens for a new agent.
    func listen(_ path: String, generation: Int) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let isListening = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        precondition(isListening && Glibc.listen(descriptor, 64) == 0, "no socket at \(path): \(errno)")
        state.withLockedValue { state in
            state.live.insert(generation)
            state.listeners[generation] = descriptor
        }
        DispatchQueue(label: "fake engine, accepting").async { [self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { break }
                connections.async { self.serve(connection, generation) }
            }
            close(descriptor)
        }
    }

    /// The agent is dead: `body` runs in the moment of its death.
    func cut(_ generation: Int, _ body: () -> Void) {
        state.withLockedValue { state in
            body()
            state.live.remove(generation)
            if let listener = state.listeners.removeValue(forKey: generation) { shutdown(listener, Int32(SHUT_RDWR)) }
            state.release { $0.generation == generation }
        }
    }

    func stopEngine(keepingContainers: Bool) {
        state.withLockedValue { state in
            state.isDown = true
            if !keepingContainers { state.engine.endAll() }
            state.release { _ in true }
        }
    }

    func startEngine() {
        state.withLockedValue { $0.isDown = false }
    }

    func change(_ body: (inout FakeEngine) -> Void) {
        state.withLockedValue { state in
            body(&state.engine)
            state.answerEnded()
        }
    }

    // MARK: The agents' side

    private func serve(_ connection: Int32, _ generation: Int) {
        guard let request = HTTPRequestText.read(from: connection) else {
            close(connection)
            return
        }
        let delay = state.withLockedValue { state -> UInt32? in
            guard state.live.contains(generation), !state.isDown else { return nil }
            state.requests += 1
            guard state.faults > 0, state.generator.chance(10) else { return 0 }
            return .random(in: 0...20_000, using: &state.generator)
        }
        if let delay, delay > 0 { usleep(delay) }
        let isHeld = state.withLockedValue { state in
            guard delay != nil, state.live.contains(generation), !state.isDown else { return false }
            return state.answer(request, connection, generation)
        }
        if !isHeld { close(connection) }
    }
}

extension FakeEngineServer.State {
    /// Does what is asked, or not, and answers, or not; true when the connection stays open.
    fileprivate mutating func answer(_ request: HTTPRequestText, _ connection: Int32, _ generation: Int) -> Bool {
        let fault =
            faults > 0 && generator.chance(faults)
            ? FakeEngineServer.Fault.allCases.randomElement(using: &generator) : nil
        if fault == .refused { return false }
        if fault == .failedBefore {
            send(500, #"{"message":"the fake failed before"}"#, to: connection)
            return false
        }
        let answer = engine.answer(request.method, request.segments, request.query, request.body)
        answerEnded()
        switch fault {
        case .answerLost: return false
        case .failedAfter: send(500, #"{"message":"the fake failed after"}"#, to: connection)
        case .garbage: send(200, #"{"Id": 7, "#, to: connection)
        case .answerCut: write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{", to: connection)
        case .refused, .failedBefore, .delayed, nil:
            switch answer {
            case .reply(let status, let body):
                send(status, body, to: connection, isHead: request.method == "HEAD")
            case .waiting(let id) where !engine.isRunning(id):
                send(200, #"{"StatusCode":\#(engine.exitCode(id))}"#, to: connection)
            case .waiting(let id):
                held.append((connection, generation, id, true))
                return true
            case .attached(let id):
                write("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n", to: connection)
                held.append((connection, generation, id, false))
                return true
            case .silent:
                write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", to: connection)
                held.append((connection, generation, nil, false))
                return true
            }
        }
        return false
    }

    /// Ends the answers of containers that do not run any more; one that was not started yet goes on.
    fileprivate mutating func answerEnded() {
        let ended = held.filter { held in
            guard let id = held.container else { return false }
            guard let container = engine.containers.first(where: { $0.id == id }) else { return true }
            return !container.isRunning && container.wasStarted
        }
        for connection in ended where connection.isWait {
            send(200, #"{"StatusCode":\#(engine.exitCode(connection.container ?? ""))}"#, to: connection.descriptor)
        }
        release { one in ended.contains { $0.descriptor == one.descriptor } }
    }

    fileprivate mutating func release(
        _ isEnded: ((descriptor: Int32, generation: Int, container: String?, isWait: Bool)) -> Bool
    ) {
        for connection in held where isEnded(connection) { close(connection.descriptor) }
        held.removeAll(where: isEnded)
    }

    private func send(_ status: Int, _ body: String, to connection: Int32, isHead: Bool = false) {
        let head = [
            "HTTP/1.1 \(status) X", "Api-Version: 1.41", "Content-Type: application/json",
            "Content-Length: \(body.utf8.count)", "Connection: close",
        ]
        let hasBody = !isHead && status != 204 && status != 304
        write(head.joined(separator: "\r\n") + "\r\n\r\n" + (hasBody ? body : ""), to: connection)
    }

    private func write(_ text: String, to connection: Int32) {
        var text = text
        // A few hundred bytes: the kernel takes them at once.
        _ = text.withUTF8 { unsafe Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
}
