/// Every method and notification of the protocol: the one registry that dispatch, `rpc.discover` and the checks use.
package enum WireMethod: String, Sendable, CaseIterable {
    case initialize = "initialize"
    case agentPing = "agent.ping"
    case agentInfo = "agent.info"
    case rpcDiscover = "rpc.discover"
    case shutdown = "shutdown"
    case exit = "exit"
    case runnerStart = "runner.start"
    case runnerStop = "runner.stop"
    case runnerList = "runner.list"
    case runnerGet = "runner.get"
    case runnerRemove = "runner.remove"
    case runnerLogs = "runner.logs"
    case runnerWatch = "runner.watch"
    case runnerUnsubscribe = "runner.unsubscribe"
    case runnerValidate = "runner.validate"
    case cancelRequest = "$/cancelRequest"
    case cancelled = "notifications/cancelled"
    case runnerLog = "runner.log"
    case runnerLogEnd = "runner.log.end"
    case runnerInstance = "runner.instance"
    case progress = "$/progress"

    package enum Kind: Sendable, Hashable {
        /// Sent by the client, answered by the agent.
        case request
        /// Sent by the client, never answered.
        case clientNotification
        /// Sent by the agent.
        case agentNotification
    }

    package var name: String { rawValue }

    package var kind: Kind {
        switch self {
        case .exit, .cancelRequest, .cancelled: .clientNotification
        case .runnerLog, .runnerLogEnd, .runnerInstance, .progress: .agentNotification
        default: .request
        }
    }
}
