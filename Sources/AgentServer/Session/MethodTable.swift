internal import Logging
internal import RunnerCore
internal import RunnerProtocol

/// How a method is answered.
enum MethodHandler: Sendable {
    /// From memory, at once, on the thread that reads the connection.
    case immediate(@Sendable (ParamsSlice, Session) throws(ResponseError) -> Answer)
    /// In a task of its own.
    case slow(SlowMethod)
    /// Never answered.
    case notification(@Sendable (ParamsSlice, Session) -> Void)
}

/// A method that waits for something.
struct SlowMethod: Sendable {
    let name: WireMethod
    /// It changes something, so calls of one connection are taken in the order they were sent.
    var isOrdered = false
    /// It only reads, so it is cancelled when its connection ends.
    var endsWithConnection: Bool { !isOrdered }
    let handle: @Sendable (Request) async throws -> Answer

    /// Runs the handler and turns whatever it throws into an error of this protocol.
    func outcome(of request: Request) async -> RequestOutcome {
        do {
            return .success(try await handle(request))
        } catch let error as ResponseError {
            return .failure(error)
        } catch let failure as Failure {
            return .failure(ResponseError(failure))
        } catch is CancellationError {
            return .failure(.cancelled())
        } catch {
            request.session.log.error(
                "a request failed unexpectedly",
                metadata: ["rpc.method": "\(name.name)", "error": "\(error)"])
            return .failure(.internalError())
        }
    }
}

/// Every method this agent answers, by name.
enum MethodTable {
    static func handler(of method: WireMethod) -> MethodHandler? { handlers[method] }

    private static let handlers: [WireMethod: MethodHandler] = [
        .initialize: .immediate(InitializeHandler.handle),
        .agentPing: .immediate(PingHandler.handle),
        .agentInfo: .immediate(InfoHandler.handle),
        .rpcDiscover: .immediate(DiscoverHandler.handle),
        .shutdown: .immediate(ShutdownHandler.handle),
        .exit: .notification(ExitHandler.handle),
        .runnerStart: .slow(SlowMethod(name: .runnerStart, isOrdered: true, handle: StartHandler.handle)),
        .runnerStop: .slow(SlowMethod(name: .runnerStop, isOrdered: true, handle: StopHandler.handle)),
        .runnerList: .immediate(ListHandler.handle),
        .runnerGet: .immediate(GetHandler.handle),
        .runnerRemove: .slow(SlowMethod(name: .runnerRemove, isOrdered: true, handle: RemoveHandler.handle)),
        .runnerLogs: .slow(SlowMethod(name: .runnerLogs, handle: LogsHandler.handle)),
        .runnerWatch: .slow(SlowMethod(name: .runnerWatch, handle: WatchHandler.handle)),
        .runnerUnsubscribe: .immediate(UnsubscribeHandler.handle),
        .runnerValidate: .slow(SlowMethod(name: .runnerValidate, handle: ValidateHandler.handle)),
        .cancelRequest: .notification(CancelHandler.handleCancelRequest),
        .cancelled: .notification(CancelHandler.handleCancelled),
    ]
}
