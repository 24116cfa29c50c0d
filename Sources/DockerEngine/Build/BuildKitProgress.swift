/// Follows the vertexes of a BuildKit build from trace to trace.
///
/// A vertex is sent again whenever it changes, and may start and end more than once: the last message wins.
struct BuildKitProgress {
    /// The most vertexes remembered; more than any Dockerfile's, and the engine's to limit.
    static let maxVertexes = 10_000
    /// What BuildKit writes into a step's output where it stops showing it.
    private static let clipMarker = Array("output clipped, log limit".utf8)

    private var steps: [String: BuildStep] = [:]
    private var names: [String: VertexName] = [:]
    private var clipped: Set<String> = []
    /// The step that failed by itself, not because another did.
    private(set) var failedStep: String?

    mutating func take(_ trace: BuildKitTrace) -> [BuildEvent] {
        var events: [BuildEvent] = []
        for vertex in trace.vertexes {
            if let event = take(vertex) { events.append(event) }
        }
        for status in trace.statuses where status.total > 0 {
            events.append(.progress(id: status.id, current: status.current, total: status.total))
        }
        for log in trace.logs {
            events.append(.log(step: steps[log.vertex], stream: log.stream, bytes: log.bytes))
            if log.bytes.contains(Self.clipMarker), clipped.insert(log.vertex).inserted { events.append(.clipped) }
        }
        for warning in trace.warnings {
            events.append(.warning(warning.url.isEmpty ? warning.text : "\(warning.text) (\(warning.url))"))
        }
        return events
    }

    private mutating func take(_ vertex: BuildKitTrace.Vertex) -> BuildEvent? {
        guard steps[vertex.digest] != nil || names.count < Self.maxVertexes else { return nil }
        let name = names[vertex.digest] ?? VertexName(vertex.name)
        names[vertex.digest] = name
        guard let state = state(of: vertex, name: name) else { return nil }
        let step = BuildStep(
            id: vertex.digest, name: name.instruction, stage: name.stage, number: name.number, total: name.total,
            state: state)
        guard steps.updateValue(step, forKey: vertex.digest) != step else { return nil }
        return .step(step)
    }

    private mutating func state(of vertex: BuildKitTrace.Vertex, name: VertexName) -> BuildStep.State? {
        if !vertex.error.isEmpty {
            if vertex.error.hasSuffix("context canceled") { return .cancelled }
            failedStep = name.instruction
            return .failed(error: vertex.error)
        }
        if vertex.completed { return vertex.cached ? .cached : .completed }
        return vertex.started ? .started : nil
    }
}

/// A vertex's name: `[builder 2/5] RUN npm ci`, `[2/5] RUN npm ci`, or `[internal] load metadata for ...`.
struct VertexName {
    let instruction: String
    let stage: String?
    let number: Int?
    let total: Int?

    init(_ name: String) {
        guard name.hasPrefix("["), let close = name.firstIndex(of: "]") else {
            self.init(instruction: name)
            return
        }
        let words = name[name.index(after: name.startIndex)..<close].split(separator: " ")
        let fraction = words.last?.split(separator: "/") ?? []
        guard fraction.count == 2, let number = Int(fraction[0]), let total = Int(fraction[1]) else {
            self.init(instruction: name)
            return
        }
        self.init(
            instruction: name[name.index(after: close)...].trimmed,
            stage: words.count > 1 ? String(words[words.count - 2]) : nil, number: number, total: total)
    }

    private init(instruction: String, stage: String? = nil, number: Int? = nil, total: Int? = nil) {
        self.instruction = instruction
        self.stage = stage
        self.number = number
        self.total = total
    }
}
