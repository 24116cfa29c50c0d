import FoundationEssentials

/// One `moby.buildkit.v1.StatusResponse`, as far as it is shown.
///
/// The message: <https://github.com/moby/buildkit/blob/master/api/services/control/control.proto>.
struct BuildKitTrace {
    struct Vertex {
        var digest = ""
        var name = ""
        var cached = false
        var started = false
        var completed = false
        var error = ""
    }

    struct Status {
        var id = ""
        var current: Int64 = 0
        var total: Int64 = 0
    }

    struct Log {
        var vertex = ""
        var stream = LogChunk.Stream.stdout
        var bytes: [UInt8] = []
    }

    struct Warning {
        var text = ""
        var url = ""
    }

    var vertexes: [Vertex] = []
    var statuses: [Status] = []
    var logs: [Log] = []
    var warnings: [Warning] = []

    init() {}

    init(base64: String) throws(EngineError) {
        guard let data = Data(base64Encoded: base64) else {
            throw .badAnswer("a BuildKit trace in the engine's stream is no base64")
        }
        try self.init([UInt8](data)[...])
    }

    init(_ bytes: ArraySlice<UInt8>) throws(EngineError) {
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            guard case .bytes(let message) = field.value else { continue }
            switch field.number {
            case 1: vertexes.append(try Vertex(message))
            case 2: statuses.append(try Status(message))
            case 3: logs.append(try Log(message))
            case 4: warnings.append(try Warning(message))
            default: break
            }
        }
    }
}

extension BuildKitTrace.Vertex {
    init(_ bytes: ArraySlice<UInt8>) throws(EngineError) {
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch (field.number, field.value) {
            case (1, .bytes(let text)): digest = String(decoding: text, as: UTF8.self)
            case (3, .bytes(let text)): name = String(decoding: text, as: UTF8.self)
            case (4, .varint(let flag)): cached = flag != 0
            case (5, .bytes): started = true
            case (6, .bytes): completed = true
            case (7, .bytes(let text)): error = String(decoding: text, as: UTF8.self)
            default: break
            }
        }
    }
}

extension BuildKitTrace.Status {
    init(_ bytes: ArraySlice<UInt8>) throws(EngineError) {
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch (field.number, field.value) {
            case (1, .bytes(let text)): id = String(decoding: text, as: UTF8.self)
            case (4, .varint(let count)): current = Int64(bitPattern: count)
            case (5, .varint(let count)): total = Int64(bitPattern: count)
            default: break
            }
        }
    }
}

extension BuildKitTrace.Log {
    init(_ bytes: ArraySlice<UInt8>) throws(EngineError) {
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch (field.number, field.value) {
            case (1, .bytes(let text)): vertex = String(decoding: text, as: UTF8.self)
            case (3, .varint(let number)): stream = number == 2 ? .stderr : .stdout
            case (4, .bytes(let message)): self.bytes = Array(message)
            default: break
            }
        }
    }
}

extension BuildKitTrace.Warning {
    init(_ bytes: ArraySlice<UInt8>) throws(EngineError) {
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch (field.number, field.value) {
            case (3, .bytes(let message)): text = String(decoding: message, as: UTF8.self)
            case (5, .bytes(let link)): url = String(decoding: link, as: UTF8.self)
            default: break
            }
        }
    }
}
