@unsafe @preconcurrency import Glibc

/// The environment this process was started with.
enum ProcessEnvironment {
    /// Every variable; of a name that occurs twice, the first, as getenv(3) has it.
    static let variables: [String: String] = {
        var variables: [String: String] = [:]
        // Nothing in this process calls setenv, so the block does not change.
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let parts = unsafe String(cString: text).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, variables[String(parts[0])] == nil { variables[String(parts[0])] = String(parts[1]) }
            unsafe entry += 1
        }
        return variables
    }()

    /// The variable's value; nil when it is unset or empty.
    static func value(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
