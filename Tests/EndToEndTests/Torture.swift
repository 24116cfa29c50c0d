import TestSupport

/// Tests that have a short form for every run and a long one for `make torture`.
enum Torture {
    static let isLong = environmentVariable("RUNNER_AGENT_TORTURE") == "1"

    static func count(short: Int, long: Int) -> Int { isLong ? long : short }
}
