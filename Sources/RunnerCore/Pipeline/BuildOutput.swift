import DockerEngine

/// Turns what a build tells into log records and progress.
///
/// Steps that run at the same time take turns in the log: each time another one speaks, a line of the agent's names it.
struct BuildOutput {
    private struct Source: Hashable {
        var step: String?
        var stream: LogChunk.Stream
    }

    let context: StartContext
    private let secrets: BuildSecrets
    private var assemblers: [Source: LineAssembler] = [:]
    private var announced: Set<String> = []
    /// The step whose name was the last to be said.
    private var speaking: String?

    init(context: StartContext, secrets: BuildSecrets) {
        self.context = context
        self.secrets = secrets
    }

    mutating func take(_ event: BuildEvent) async {
        switch event {
        case .step(let step): await announce(step)
        case .log(let step, let stream, let bytes):
            let source = Source(step: step?.id, stream: stream)
            var lines: [LineAssembler.Line] = []
            var assembler = assemblers[source] ?? LineAssembler()
            assembler.append(bytes, of: stream == .stdout ? .stdout : .stderr, to: &lines)
            assemblers[source] = assembler
            await write(lines, of: step)
        case .progress(let id, let current, let total):
            context.report(.building, "pulling \(id)", current: current, total: total, unit: "bytes")
        case .warning(let text):
            await context.warn([secrets.masked(text)])
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
            await write(lines, of: nil)
        }
        assemblers = [:]
    }

    private mutating func write(_ lines: [LineAssembler.Line], of step: BuildStep?) async {
        guard !lines.isEmpty else { return }
        if let step, step.number != nil, speaking != step.id {
            speaking = step.id
            await context.say(secrets.masked(step.label), .build)
        }
        await context.log.append(lines: secrets.masked(lines), phase: .build)
    }

    private mutating func announce(_ step: BuildStep) async {
        let ending: String
        switch step.state {
        case .started: ending = ""
        case .cached where step.number == nil: return
        case .cached: ending = " (cached)"
        case .failed(let error): ending = " failed: \(error)"
        case .completed, .cancelled: return
        }
        // Steps without a number are the builder's own chores; only their failures are of interest.
        guard step.number != nil || !ending.isEmpty, announced.insert(step.id + ending).inserted else { return }
        let text = secrets.masked(step.label + ending)
        if step.number != nil, ending.isEmpty {
            context.report(
                .building, text, current: step.number.map(Int64.init), total: step.total.map(Int64.init), unit: "steps")
        }
        speaking = step.id
        await context.say(text, .build)
    }
}
