import DockerEngine

/// Turns what a build tells into log records and progress.
struct BuildOutput {
    private struct Source: Hashable {
        var step: String?
        var stream: LogChunk.Stream
    }

    let context: StartContext
    private var assemblers: [Source: LineAssembler] = [:]
    private var announced: Set<String> = []

    init(context: StartContext) {
        self.context = context
    }

    mutating func take(_ event: BuildEvent) async {
        switch event {
        case .step(let step): await announce(step)
        case .log(let step, let stream, let bytes):
            let source = Source(step: step, stream: stream)
            var lines: [LineAssembler.Line] = []
            var assembler = assemblers[source] ?? LineAssembler()
            assembler.append(bytes, of: stream == .stdout ? .stdout : .stderr, to: &lines)
            assemblers[source] = assembler
            await context.log.append(lines: lines, phase: .build)
        case .progress(let id, let current, let total):
            context.report(.building, "pulling \(id)", current: current, total: total, unit: "bytes")
        case .warning(let text):
            await context.warn([text])
        case .clipped:
            await context.say(
                "the engine has dropped some of this step's output: it keeps 200 KiB/s and 2 MiB of each", .build)
        case .imageID(let id):
            await context.say("built \(id)", .build)
        }
    }

    /// Gives out last lines without a newline.
    mutating func finish() async {
        for source in assemblers.keys {
            var lines: [LineAssembler.Line] = []
            assemblers[source]?.finish(to: &lines)
            await context.log.append(lines: lines, phase: .build)
        }
        assemblers = [:]
    }

    private mutating func announce(_ step: BuildStep) async {
        let label: String
        switch step.state {
        case .started: label = ""
        case .cached where step.number == nil: return
        case .cached: label = " (cached)"
        case .failed(let error): label = " failed: \(error)"
        case .completed, .cancelled: return
        }
        // Steps without a number are the builder's own chores; only their failures are of interest.
        guard step.number != nil || !label.isEmpty, announced.insert(step.id + label).inserted else { return }
        let number = step.number.map { "[\($0)\(step.total.map { "/\($0)" } ?? "")] " } ?? ""
        let text = number + step.name + label
        if step.number != nil, label.isEmpty {
            context.report(
                .building, text, current: step.number.map(Int64.init), total: step.total.map(Int64.init), unit: "steps")
        }
        await context.say(text, .build)
    }
}
