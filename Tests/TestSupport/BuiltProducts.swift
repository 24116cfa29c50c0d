import Glibc

/// Programs that this package builds.
package enum BuiltProducts {
    /// The `runner-agent` to test: `RUNNER_AGENT_BINARY`, otherwise the one built beside the tests.
    package static let runnerAgent = environmentVariable("RUNNER_AGENT_BINARY") ?? beside("runner-agent")

    private static func beside(_ product: String) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        precondition(count > 0, "/proc is not mounted")
        let executable = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "/" + (executable.split(separator: "/").dropLast() + [Substring(product)]).joined(separator: "/")
    }
}
