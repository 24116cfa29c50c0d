internal import Dispatch
internal import Glibc
internal import Logging
internal import NIOConcurrencyHelpers
internal import RunnerCore
internal import RunnerProtocol

/// A file that gets every line in and out of every connection, for whoever debugs a client.
///
/// One JSON object a line: `{"time", "connection", "direction": "in"|"out", "line"}`; `line` is the message itself, or its text
/// when it is no JSON. Secrets of `runner.start` are replaced; see ``MirrorRedaction``. Writing is on a thread of its own and
/// never holds a client up: lines that the disk cannot take in time are left out, and how many is written down.
package final class SessionMirror: Sendable {
    private static let maxPendingBytes = 16 << 20

    private struct State {
        var pendingBytes = 0
        var dropped = 0
        var nextConnection = 0
    }

    private let descriptor: CInt
    private let queue = DispatchQueue(label: "runner-agent.mirror")
    private let state = NIOLockedValueBox(State())

    /// Opens `path` for appending, 0600.
    package init(path: String) throws(SocketError) {
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("open", path, errno: errno) }
    }

    deinit { close(descriptor) }

    func nextConnection() -> Int {
        state.withLockedValue { state in
            state.nextConnection += 1
            return state.nextConnection
        }
    }

    /// Notes whole lines, each ended by a newline except perhaps the last.
    func note(_ lines: [UInt8], connection: Int, isInbound: Bool) {
        let accepted = state.withLockedValue { state in
            guard state.pendingBytes + lines.count <= Self.maxPendingBytes else {
                state.dropped += 1
                return false
            }
            state.pendingBytes += lines.count
            return true
        }
        guard accepted else { return }
        let time = WireTime(nanoseconds: WallTime.now().nanoseconds)
        queue.async { [self] in
            write(lines, time, connection, isInbound)
            state.withLockedValue { $0.pendingBytes -= lines.count }
        }
    }

    /// Returns when everything noted so far is in the file.
    func flush() async {
        await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
    }

    private func write(_ lines: [UInt8], _ time: WireTime, _ connection: Int, _ isInbound: Bool) {
        let dropped = state.withLockedValue { state in
            defer { state.dropped = 0 }
            return state.dropped
        }
        var writer = JSONWriter(reserving: lines.count + 256)
        if dropped > 0 { entry(["dropped": .int(dropped)], time, &writer) }
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            let direction: JSONValue = isInbound ? "in" : "out"
            entry(
                [
                    "connection": .int(connection), "direction": direction,
                    "line": MirrorRedaction.redacted(Array(line)),
                ],
                time, &writer)
        }
        // A full disk costs the mirror its lines and nobody anything else.
        _ = BlockingDescriptor(number: descriptor).write(writer.bytes)
    }

    private func entry(_ members: JSONObject, _ time: WireTime, _ writer: inout JSONWriter) {
        var object: JSONObject = ["time": .string(time.text)]
        for member in members.members { object.append(member.name, member.value) }
        JSONValue.object(object).write(to: &writer)
        writer.bytes.append(UInt8(ascii: "\n"))
    }
}
