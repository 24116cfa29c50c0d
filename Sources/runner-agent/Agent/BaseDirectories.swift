import Glibc

/// Where this user's files belong: https://specifications.freedesktop.org/basedir-spec/.
struct BaseDirectories {
    private let environment: [String: String]

    init(environment: [String: String] = ProcessEnvironment.variables) {
        self.environment = environment
    }

    func state() throws(CommandError) -> String { try directory("XDG_STATE_HOME", ".local/state", "--state-dir") }
    func cache() throws(CommandError) -> String { try directory("XDG_CACHE_HOME", ".cache", "--cache-dir") }
    func config() throws(CommandError) -> String { try directory("XDG_CONFIG_HOME", ".config", "--config") }

    /// A relative path in the variable counts as unset, by the specification.
    private func directory(_ variable: String, _ place: String, _ flag: String) throws(CommandError) -> String {
        if let path = environment[variable], path.hasPrefix("/") { return path + "/runner-agent" }
        guard let home else {
            throw CommandError(.usage, "This user has no home directory: give \(flag), or set \(variable) or HOME.")
        }
        return "\(home)/\(place)/runner-agent"
    }

    /// HOME, or the user's entry in the password database: services often have no HOME.
    private var home: String? {
        if let path = environment["HOME"], path.hasPrefix("/") { return path }
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        return unsafe buffer.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress,
                unsafe getpwuid_r(getuid(), &entry, base, buffer.count, &found) == 0, unsafe found != nil,
                let path = unsafe entry.pw_dir
            else { return nil }
            return unsafe String(cString: path)
        }
    }
}
