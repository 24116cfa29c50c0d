import ArgumentParser

/// How the agent writes its own log.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}
