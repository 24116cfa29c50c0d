import ArgumentParser
import Glibc

/// `install-service`: writes the systemd unit; enabling it stays the user's decision.
struct InstallServiceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install-service",
        abstract: "Write a systemd unit for the agent.",
        discussion: """
            Without --system, the unit is this user's: ~/.config/systemd/user/runner-agent.service. With it, the machine's: \
            /etc/systemd/system/runner-agent.service, which needs root. Nothing is enabled or started; what to type for that is \
            printed.
            """)

    @Flag(help: "For the machine instead of this user.")
    var system = false

    @Flag(name: .customLong("print"), help: "Print the unit instead of writing it.")
    var printsOnly = false

    @Option(help: ArgumentHelp("The program the unit starts. Default: this one.", valueName: "path"))
    var program: String?

    func validate() throws {
        guard let program else { return }
        guard program.hasPrefix("/"), !program.contains("\n") else {
            throw ValidationError("--program must be an absolute path.")
        }
    }

    func run() throws {
        let scope = system ? ServiceUnit.Scope.system : .user
        guard let program = program ?? Self.ownPath else {
            throw CommandError(.failure, "This program does not know its own path (/proc is missing): give --program.")
        }
        let unit = ServiceUnit(scope: scope, program: program)
        if printsOnly { return try Console.standardOutput.write(line: String(unit.text.dropLast())) }
        let directory = try system ? "/etc/systemd/system" : Self.userUnits()
        let path = directory + "/runner-agent.service"
        try Self.write(unit.text, to: path, in: directory)
        let command = system ? "systemctl" : "systemctl --user"
        try Console.standardOutput.write(
            line: "wrote \(path)\nstart it now and at each \(system ? "boot" : "login"): "
                + "\(command) daemon-reload && \(command) enable --now runner-agent")
    }

    private static func userUnits() throws(CommandError) -> String {
        // The agent's own directory is beside systemd's.
        let own = try BaseDirectories().config()
        return own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/systemd/user"
    }

    private static var ownPath: String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Replaces the file as a whole, so that systemd never reads half of it.
    private static func write(_ text: String, to path: String, in directory: String) throws(CommandError) {
        var made = ""
        for part in directory.split(separator: "/") {
            made += "/" + part
            guard unsafe mkdir(made, 0o755) == 0 || errno == EEXIST else { throw failed("make", made) }
        }
        let temporary = path + ".new"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw failed("write", temporary) }
        let bytes = Array(text.utf8)
        let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard close(descriptor) == 0, written == bytes.count, unsafe rename(temporary, path) == 0 else {
            throw failed("write", path)
        }
    }

    private static func failed(_ what: String, _ path: String) -> CommandError {
        let reason = unsafe String(cString: strerror(errno))
        return CommandError(.failure, "cannot \(what) \(path): \(reason)")
    }
}
