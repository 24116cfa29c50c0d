/// What the process tells whoever started it.
enum ExitStatus: Int32, CaseIterable {
    case success = 0
    case failure = 1
    case usage = 2
    case alreadyRunning = 3
    case noAgent = 4

    private var meaning: String {
        switch self {
        case .success: "done"
        case .failure: "failed, as a start whose component did not come to run"
        case .usage: "wrong arguments or configuration"
        case .alreadyRunning: "another agent holds the state directory or the socket"
        case .noAgent: "no agent answers at the socket, or it may not be used"
        }
    }

    /// For `--help`.
    static var explained: String {
        allCases.map { "\($0.rawValue) \($0.meaning)" }.joined(separator: "; ") + "."
    }
}
