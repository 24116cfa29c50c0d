import Glibc
import RunnerConfig

/// The agent's configuration as it was read from its file.
struct ConfigFile {
    let path: String
    let config: AgentConfig
    /// As `FILE:LINE:COLUMN: path: message`.
    let warnings: [String]

    /// The reader takes 64 KiB and says so; this only bounds what it is given.
    private static let limitBytes = 1 << 20

    /// Throws every error of the file at once, with its place.
    ///
    /// A missing file is an empty one if it is optional. A file that holds a token must be readable for its owner alone.
    init(path: String, isOptional: Bool) throws(CommandError) {
        self.path = path
        guard let (text, mode) = try Self.read(path, isOptional: isOptional) else {
            (config, warnings) = (.empty, [])
            return
        }
        do throws(ConfigError) {
            let parsed = try AgentConfig.parse(text)
            config = parsed.config
            warnings = parsed.warnings.map { "\(path):\($0)" }
        } catch {
            let problems = error.diagnostics.map { "\(path):\($0)" }
            throw CommandError(
                .usage, "The configuration cannot be used:\n" + problems.map(PrintableText.line).joined(separator: "\n")
            )
        }
        let readableByOthers = mode & 0o044 != 0
        if config.holdsSecret, readableByOthers {
            throw CommandError(
                .usage,
                "\(path) holds a token and others can read it (mode 0\(String(mode & 0o777, radix: 8))): "
                    + "chmod 600 \(path), or keep the token elsewhere with tokenFile or tokenEnv.")
        }
    }

    /// The file's text and mode; nil when there is none and there need not be.
    private static func read(_ path: String, isOptional: Bool) throws(CommandError) -> (text: [UInt8], mode: mode_t)? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if isOptional, errno == ENOENT || errno == ENOTDIR { return nil }
            throw InputFile.unreadable(path, errno)
        }
        defer { close(descriptor) }
        // Of the open file, not of the path, which may lead elsewhere by now.
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw InputFile.unreadable(path, errno) }
        return (try InputFile.read(descriptor: descriptor, name: path, limitBytes: limitBytes), status.st_mode)
    }
}
