internal import RunnerProtocol

/// What a forwarding stdio process does with each line of its client.
///
/// `shutdown` and `exit` are about this session and must not reach an agent that serves others, so they are answered here;
/// everything else passes through byte for byte.
struct ForwardedInput {
    enum Action {
        /// Send these lines to the agent.
        case forward([UInt8])
        /// Send this line to our client.
        case answer([UInt8])
        case exit(afterShutdown: Bool)
        /// The client named a process whose end ends this session.
        case watchProcess(Int32)
    }

    private var framer = LineFramer()
    private var wasShutDown = false
    private var watchesProcess = false

    mutating func receive(_ bytes: [UInt8]) -> [Action] {
        framer.append(bytes)
        var actions: [Action] = []
        while let line = framer.next() { actions += act(on: line) }
        return actions
    }

    /// The beginning of a line whose end has not come; it is taken out.
    mutating func takePartialLine() -> [UInt8] {
        guard case .line(let bytes)? = framer.finish() else { return [] }
        return bytes
    }

    /// The client sends no more, which ends its last line.
    mutating func end() -> [Action] {
        guard let last = framer.finish() else { return [] }
        return act(on: last)
    }

    private mutating func act(on line: FramedLine) -> [Action] {
        switch line {
        case .tooLong: return [.answer(Self.answer(.null, .failure(.messageTooLarge())))]
        case .line(let bytes):
            let forwarded = Action.forward(bytes + [UInt8(ascii: "\n")])
            guard Self.mayConcernUs(bytes) else { return [forwarded] }
            switch decodeInbound(bytes) {
            case .single(.call(let call)): return act(on: call, forwarded)
            case .batch(let items) where items.contains(where: Self.isOurs): return refuse(items)
            default: return [forwarded]
            }
        }
    }

    private mutating func act(on call: Call, _ forwarded: Action) -> [Action] {
        switch (call.wireMethod, call.id) {
        case (.shutdown, let id?):
            wasShutDown = true
            return [.answer(Self.answer(id, .success(Answer(ShutdownResult()))))]
        case (.shutdown, nil): return []
        case (.exit, nil): return [.exit(afterShutdown: wasShutDown)]
        case (.initialize, _):
            guard !watchesProcess, let params = try? InitializeParams(params: try call.params.value()),
                let pid = params.processID.flatMap(Int32.init(exactly:))
            else { return [forwarded] }
            watchesProcess = true
            return [.watchProcess(pid), forwarded]
        default: return [forwarded]
        }
    }

    /// A batch cannot be split without changing its answer, so one with a session call in it is refused whole.
    private func refuse(_ items: [InboundItem]) -> [Action] {
        var answers: [[UInt8]] = []
        for item in items {
            guard case .call(let call) = item, let id = call.id else { continue }
            answers.append(
                Self.answer(id, .failure(.invalidRequest("shutdown and exit cannot be part of a batch"))))
        }
        var writer = JSONWriter()
        encodeBatch(answers, into: &writer)
        return writer.bytes.isEmpty ? [] : [.answer(writer.bytes)]
    }

    private static func isOurs(_ item: InboundItem) -> Bool {
        guard case .call(let call) = item else { return false }
        return call.wireMethod == .shutdown || call.wireMethod == .exit
    }

    private static func answer(_ id: RequestID, _ outcome: RequestOutcome) -> [UInt8] {
        Reply.single(id).encode(outcome)
    }

    /// Whether a line can be one of those that are looked into; a method name may be written with escapes.
    private static func mayConcernUs(_ line: [UInt8]) -> Bool {
        names.contains { name in
            line.indices.dropLast(name.count - 1).contains { line[$0] == name[0] && line[$0...].starts(with: name) }
        }
    }

    private static let names = ["\"shutdown\"", "\"exit\"", "\"initialize\"", "\\u"].map { Array($0.utf8) }
}
