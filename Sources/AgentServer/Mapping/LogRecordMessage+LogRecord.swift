internal import RunnerCore
internal import RunnerProtocol

extension LogRecordMessage {
    init(_ record: LogRecord) {
        if let gap = record.gap {
            self = .gap(from: gap.from, to: gap.to, reason: gap.reason)
            return
        }
        self.init(
            seq: record.seq, time: WireTime(record.time), phase: WireLogPhase(record.phase),
            stream: WireLogStream(record.stream), bytes: record.bytes)
        isPartial = record.partial
        isTruncated = record.truncated
    }
}

extension WireLogPhase {
    init(_ phase: LogPhase) {
        switch phase {
        case .fetch: self = .fetch
        case .build: self = .build
        case .run: self = .run
        case .health: self = .health
        case .lifecycle: self = .lifecycle
        }
    }
}

extension WireLogStream {
    init(_ stream: LogSource) {
        switch stream {
        case .stdout: self = .stdout
        case .stderr: self = .stderr
        case .agent: self = .agent
        }
    }
}

extension LogPhase {
    init(_ phase: WireLogPhase) {
        switch phase {
        case .fetch: self = .fetch
        case .build: self = .build
        case .run: self = .run
        case .health: self = .health
        case .lifecycle: self = .lifecycle
        }
    }
}

extension LogSource {
    init(_ stream: WireLogStream) {
        switch stream {
        case .stdout: self = .stdout
        case .stderr: self = .stderr
        case .agent: self = .agent
        }
    }
}

extension LogEndNotification.Reason {
    init(_ end: LogEnd) {
        switch end {
        case .ended: self = .ended
        case .unsubscribed: self = .unsubscribed
        case .removed: self = .removed
        case .shutdown: self = .shutdown
        }
    }
}

extension LogQuery {
    init(_ params: LogsParams) {
        self.init()
        tail = params.tail
        after = params.after
        since = params.since.map(WallTime.init)
        until = params.until.map(WallTime.init)
        streams = params.streams.map { Set($0.map(LogSource.init)) }
        phases = params.phases.map { Set($0.map(LogPhase.init)) }
        limit = params.limit
    }
}
