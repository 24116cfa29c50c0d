import FoundationEssentials
import Testing

/// Answers recorded from live engines: Docker 20.10.24 (`d20`), 28.5.2 (`d28`) and a development version of 29 (`d29`),
/// Podman 4.3.1 (`p4`) and 5.8.6 (`p5`).
enum Fixture {
    /// One build's answer.
    struct Build: Decodable, Sendable, CustomTestStringConvertible {
        let engine: String
        let `case`: String
        let status: Int
        let body: String

        var testDescription: String { "\(engine) \(`case`)" }
        var isPodman: Bool { engine.hasPrefix("p") }
    }

    struct Engine: Decodable, Sendable {
        /// The whole head of the answer to `HEAD /_ping`.
        let pingHead: String
        let version: String
        /// Hexadecimal bytes of `/logs` by kind: `plain`, `timestamps` and `tty`.
        let logs: [String: String]
        let attachHex: String
        let events: [String]
        let inspectRunning: String
        let list: String
        let startErrors: [String: String]
        let createConflict: String
    }

    /// A session as a daemon has held it.
    struct Session: Decodable, Sendable {
        /// HTTP/2 of the daemon's side, hexadecimal, from its preface on.
        let fromDaemon: String
    }

    static func session(_ engine: String) throws -> Session {
        let sessions: [String: Session] = try load("sessions.json")
        return try #require(sessions[engine])
    }

    static let engineNames = ["d20", "d28", "d29", "p4", "p5"]

    static func builds() throws -> [Build] { try load("builds.json") }

    static func build(_ engine: String, _ name: String) throws -> Build {
        try #require(try builds().first { $0.engine == engine && $0.case == name })
    }

    static func engine(_ name: String) throws -> Engine {
        let engines: [String: Engine] = try load("engines.json")
        return try #require(engines[name])
    }

    static func bytes(hex: String) -> [UInt8] {
        let digits = hex.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }

    private static func load<Value: Decodable>(_ name: String) throws -> Value {
        let directory = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let data = try #require(FileManager.default.contents(atPath: "/\(directory)/Fixtures/\(name)"))
        return try JSONDecoder().decode(Value.self, from: data)
    }
}
