@testable import RunnerProtocol

/// What must hold of any bytes a client may send; checked by the saved corpus and, on bytes nobody wrote, by the fuzz target.
///
/// The bytes are one whole stream. How it is cut into chunks follows from its content, so that a saved file fails again.
enum StreamProperties {
    /// A limit that short inputs reach; nothing in the framer depends on how large it is.
    private static let smallLimit = 96

    /// The first rule that `stream` breaks; nil when all hold.
    static func violation(of stream: [UInt8]) -> String? {
        do {
            for limit in [smallLimit, WireLimits.lineBytes] { try checkFraming(stream, limit: limit) }
            for case .line(let line) in try framed(stream, limit: WireLimits.lineBytes, cuts: nil) { try check(line) }
            return nil
        } catch {
            return error.rule
        }
    }

    struct Broken: Error {
        let rule: String
    }

    static func require(_ holds: Bool, _ rule: @autoclosure () -> String) throws(Broken) {
        guard holds else { throw Broken(rule: rule()) }
    }
}

// MARK: - Framing

extension StreamProperties {
    private static func checkFraming(_ stream: [UInt8], limit: Int) throws(Broken) {
        let expected = reference(stream, limit: limit)
        try require(
            try framed(stream, limit: limit, cuts: nil) == expected, "one chunk gives the lines, limit \(limit)")
        var cuts = Cuts(of: stream)
        try require(try framed(stream, limit: limit, cuts: cuts) == expected, "chunks give the same, limit \(limit)")
        cuts.longest = 1
        try require(try framed(stream, limit: limit, cuts: cuts) == expected, "bytes give the same, limit \(limit)")
    }

    private static func framed(_ stream: [UInt8], limit: Int, cuts: Cuts?) throws(Broken) -> [FramedLine] {
        var framer = LineFramer(limitBytes: limit)
        var cuts = cuts
        var lines: [FramedLine] = []
        var rest = stream[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(cuts?.next() ?? rest.count)
            rest = rest.dropFirst(chunk.count)
            framer.append(chunk)
            while let line = framer.next() { lines.append(line) }
            try require(framer.partialBytes <= limit, "no more than the limit is held")
        }
        if let last = framer.finish() { lines.append(last) }
        return lines
    }

    /// The lines by the rules of the protocol's page, found without any state.
    private static func reference(_ stream: [UInt8], limit: Int) -> [FramedLine] {
        let segments = stream.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return segments.enumerated().compactMap { index, segment in
            guard segment.count <= limit else { return .tooLong }
            var line = segment
            if index == 0, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
            if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
            return line.allSatisfy(" \t\r".utf8.contains) ? nil : .line(Array(line))
        }
    }

    /// Lengths of chunks, by a generator seeded with the content.
    private struct Cuts {
        var longest = 61
        private var state: UInt64 = 0xCBF2_9CE4_8422_2325

        init(of stream: [UInt8]) {
            for byte in stream { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }

        mutating func next() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return 1 + Int(state >> 33) % longest
        }
    }
}

// MARK: - Messages

extension StreamProperties {
    private static func check(_ line: [UInt8]) throws(Broken) {
        let message = decodeInbound(line)
        try checkReadersAgree(line, message)
        switch message {
        case .single(let item):
            _ = try answer(to: item)
        case .batch(let items):
            try require(
                !items.isEmpty && items.count <= WireLimits.batch, "a batch has 1 to \(WireLimits.batch) members")
            var answers: [[UInt8]] = []
            for item in items {
                if let answer = try answer(to: item) { answers.append(answer) }
            }
            var writer = JSONWriter()
            encodeBatch(answers, into: &writer)
            guard !answers.isEmpty else { return try require(writer.bytes.isEmpty, "no answers, no line") }
            try require(try lineValue(writer.bytes).arrayValue?.count == answers.count, "one answer for each member")
        }
    }

    /// The envelope decoder and the reader of values must find the same faults, and a value must survive being written.
    private static func checkReadersAgree(_ line: [UInt8], _ message: InboundMessage) throws(Broken) {
        var isParseError = false
        if case .single(.invalid(_, let error)) = message { isParseError = error.code == .parseError }
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONReader.parse(line)
        } catch {
            try require((0...line.count).contains(error.offset), "a fault lies in the line")
            try require(isParseError == (error.kind != .duplicateKey), "what one reader refuses, the other does")
            if error.kind == .duplicateKey { try require(hasInvalidRequest(message), "a repeated name is refused") }
            return
        }
        try require(!isParseError, "what one reader takes, the other does")
        try checkWritten(value)
    }

    private static func checkWritten(_ value: JSONValue) throws(Broken) {
        let text = value.serialized
        try require(!text.contains { $0 < 0x20 }, "no control character is written")
        let again: JSONValue
        do { again = try JSONReader.parse(text) } catch { throw Broken(rule: "what is written can be read") }
        try require(again == value && again.serialized == text, "what is written means the same")
    }

    private static func hasInvalidRequest(_ message: InboundMessage) -> Bool {
        let items: [InboundItem]
        switch message {
        case .single(let item): items = [item]
        case .batch(let members): items = members
        }
        return items.contains { item in
            guard case .invalid(_, let error) = item else { return false }
            return error.code == .invalidRequest
        }
    }

    /// The one line that answers `item`; nil when none is due.
    private static func answer(to item: InboundItem) throws(Broken) -> [UInt8]? {
        switch item {
        case .response: return nil
        case .invalid(let id, let error):
            try require(error.code == .parseError || error.code == .invalidRequest, "a fault has one of two codes")
            return try encoded(error, id)
        case .call(let call):
            try checkParams(of: call)
            guard let id = call.id else { return nil }
            guard call.wireMethod != nil else { return try encoded(.methodNotFound(call.method), id) }
            var writer = JSONWriter()
            encodeResult(id, EmptyResult(), into: &writer)
            let answer = try lineValue(writer.bytes)
            try require(answer["result"] == [:] && answer["error"] == nil, "a result is an answer")
            try require(answer["id"]?.serialized == idValue(id)?.serialized, "the id is the request's")
            return writer.bytes
        }
    }

    private static func encoded(_ error: ResponseError, _ id: RequestID) throws(Broken) -> [UInt8] {
        var writer = JSONWriter()
        encodeError(id, error, into: &writer)
        let answer = try lineValue(writer.bytes)
        try require(answer["jsonrpc"] == "2.0" && answer["result"] == nil, "an error is an answer")
        try require(answer["id"]?.serialized == idValue(id)?.serialized, "the id is the request's")
        try require(answer["error"]?["code"]?.intValue == Int64(error.code.rawValue), "an error has its code")
        try require(answer["error"]?["message"]?.stringValue?.isEmpty == false, "an error has a message")
        try require(writer.bytes.count < 16 << 10, "an error repeats no more of the line than it needs")
        return writer.bytes
    }

    private static func idValue(_ id: RequestID) -> JSONValue? { try? JSONReader.parse(id.raw) }

    /// The value of one outbound line.
    private static func lineValue(_ line: [UInt8]) throws(Broken) -> JSONValue {
        try require(line.last == UInt8(ascii: "\n"), "a line ends")
        try require(!line.dropLast().contains { $0 < 0x20 }, "a line is one line")
        do { return try JSONReader.parse(line) } catch { throw Broken(rule: "a line is JSON: \(error.reason)") }
    }
}

// MARK: - Params

extension StreamProperties {
    private static let decoders: [WireMethod: @Sendable (JSONValue?) throws(ResponseError) -> Void] = [
        .initialize: { params throws(ResponseError) in _ = try InitializeParams(params: params) },
        .agentPing: { params throws(ResponseError) in _ = try PingParams(params: params) },
        .agentInfo: { params throws(ResponseError) in _ = try InfoParams(params: params) },
        .rpcDiscover: { params throws(ResponseError) in _ = try DiscoverParams(params: params) },
        .shutdown: { params throws(ResponseError) in _ = try ShutdownParams(params: params) },
        .exit: { params throws(ResponseError) in _ = try ExitParams(params: params) },
        .runnerStart: { params throws(ResponseError) in _ = try StartParams(params: params) },
        .runnerStop: { params throws(ResponseError) in _ = try StopParams(params: params) },
        .runnerList: { params throws(ResponseError) in _ = try ListParams(params: params) },
        .runnerGet: { params throws(ResponseError) in _ = try GetParams(params: params) },
        .runnerRemove: { params throws(ResponseError) in _ = try RemoveParams(params: params) },
        .runnerLogs: { params throws(ResponseError) in _ = try LogsParams(params: params) },
        .runnerWatch: { params throws(ResponseError) in _ = try WatchParams(params: params) },
        .runnerUnsubscribe: { params throws(ResponseError) in _ = try UnsubscribeParams(params: params) },
        .runnerValidate: { params throws(ResponseError) in _ = try ValidateParams(params: params) },
        .cancelRequest: { params throws(ResponseError) in _ = try CancelParams(params: params) },
        .cancelled: { params throws(ResponseError) in _ = try CancelledParams(params: params) },
    ]

    /// The methods of the protocol whose params no decoder here reads.
    static var methodsLeftOut: [WireMethod] {
        WireMethod.allCases.filter { $0.kind != .agentNotification && decoders[$0] == nil }
    }

    /// Any params may come with any method.
    private static func checkParams(of call: Call) throws(Broken) {
        let params: JSONValue?
        do { params = try call.params.value() } catch { throw Broken(rule: "params that passed once are read again") }
        for decode in decoders.values {
            do throws(ResponseError) {
                try decode(params)
            } catch {
                try require(error.code == .invalidParams, "wrong params are called so")
                try require(error.data?["path"]?.stringValue != nil, "wrong params have a place")
                _ = try encoded(error, call.id ?? .null)
            }
        }
    }
}
