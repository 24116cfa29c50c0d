/// Turns the bytes of a build's answer into events, and its end into success or failure.
///
/// It does no I/O. A build has succeeded when its stream ended cleanly, an image id was seen, and no error was.
struct BuildStreamDecoder {
    private var splitter = JSONObjectSplitter()
    private var buildKit = BuildKitProgress()
    private var text: TextBuildProgress
    private var imageID: String?
    /// What the engine has said about the failure; known before the stream's end.
    private(set) var failed: BuildFailure?

    init(kind: EngineInfo.Kind) {
        text = TextBuildProgress(kind: kind)
    }

    /// Takes the next bytes and returns what they tell.
    mutating func push(_ bytes: [UInt8]) throws -> [BuildEvent] {
        var events: [BuildEvent] = []
        for object in try splitter.push(bytes) {
            events += try take(try BuildMessage(json: object))
        }
        return events
    }

    /// The stream has ended cleanly.
    mutating func finish() throws -> [BuildEvent] {
        if let failed { throw failed }
        guard !splitter.isInsideObject else {
            throw EngineError.streamEnded("the engine's build stream ended inside an object")
        }
        guard let imageID else {
            throw EngineError.streamEnded("the engine ended the build without an image and without a reason")
        }
        return text.end() + [.imageID(imageID)]
    }

    private mutating func take(_ message: BuildMessage) throws -> [BuildEvent] {
        if let reason = message.failureText {
            let failure = BuildFailure(
                engineText: reason, code: message.errorDetail?.code,
                step: buildKit.failedStep ?? text.currentStep)
            failed = failure
            return text.fail(failure.message)
        }
        switch message.payload {
        case .trace(let base64): return buildKit.take(try BuildKitTrace(base64: base64))
        // One for each stage: the last is the image.
        case .image(let id):
            imageID = id
            return []
        case nil: break
        }
        if let line = message.stream { return text.take(line) }
        if let current = message.progress?.current, let total = message.progress?.total, let id = message.id, total > 0
        {
            return [.progress(id: id, current: current, total: total)]
        }
        return []
    }
}
