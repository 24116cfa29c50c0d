import HTTPTransport

extension EngineClient {
    /// How long an engine may take to begin a stream that it begins at once.
    static let streamHeadTimeout: Duration = .seconds(30)

    /// Attaches to a container's output; do it before the start, and nothing is lost.
    ///
    /// Lossless, but the container blocks while nobody reads: read without pause. `tty` is `ContainerDetails.tty`.
    package func attach(_ id: String, tty: Bool) async throws -> LogStream {
        let call = EngineCall(
            method: "POST", path: "/containers/\(Self.segment(id))/attach",
            query: [("stream", "1"), ("stdout", "1"), ("stderr", "1")],
            timeout: try await connect().kind == .docker ? Self.streamHeadTimeout : nil)
        return LogStream(body: try await open(call), framing: tty ? .raw : .multiplexed, client: self)
    }

    /// Reads what the engine has kept of a container's output.
    ///
    /// `since` is inclusive on Docker, exclusive on Podman 5, and rounded down to a second on Podman 4. With `timestamps`
    /// each chunk of a container without terminal is one record that begins with its time and a space. Following loses
    /// records when the engine rotates its files quickly; an exited container is read without.
    package func logs(
        _ id: String, tty: Bool, since: EngineTimestamp? = nil, until: EngineTimestamp? = nil, follow: Bool = false,
        timestamps: Bool = false, tail: Int? = nil
    ) async throws -> LogStream {
        let info = try await connect()
        let wholeSeconds = info.kind == .podman && info.majorVersion < 5
        var query = [("stdout", "1"), ("stderr", "1")]
        if follow { query.append(("follow", "1")) }
        if timestamps { query.append(("timestamps", "1")) }
        if let since { query.append(("since", wholeSeconds ? since.wholeSeconds : since.parameter)) }
        if let until { query.append(("until", wholeSeconds ? until.wholeSeconds : until.parameter)) }
        if let tail { query.append(("tail", String(tail))) }
        let call = EngineCall(
            method: "GET", path: "/containers/\(Self.segment(id))/logs",
            query: query.map { (name: $0.0, value: $0.1) }, timeout: nil)
        let framing: LogFrameParser.Framing = tty ? .raw : timestamps ? .records : .multiplexed
        return LogStream(body: try await open(call), framing: framing, client: self)
    }

    /// Subscribes to events of containers with all the labels; returns when the subscription stands.
    ///
    /// `since` replays what the engine still remembers, from that moment on, that moment included.
    package func events(
        since: EngineTimestamp? = nil, labels: [String: String] = [:], types: [String] = ["container"]
    ) async throws -> EventStream {
        let info = try await connect()
        var query: [(name: String, value: String)] = []
        // Podman answers nothing at all to a fraction.
        if let since { query.append(("since", info.kind == .podman ? since.wholeSeconds : since.parameter)) }
        query.append(("filters", try Self.filters(labels: labels, others: types.isEmpty ? [:] : ["type": types])))
        let call = EngineCall(
            method: "GET", path: "/events", query: query,
            timeout: info.kind == .docker ? Self.streamHeadTimeout : nil)
        return EventStream(body: try await open(call), client: self)
    }
}
