/// Names of Linux signals, as an engine takes them for a container's stop signal.
enum SignalName {
    /// By number on x86-64 and arm64, from 1.
    private static let names = [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH",
        "IO",
        "PWR", "SYS",
    ]

    /// The canonical form: `SIGTERM` for `TERM`, `sigterm` and `15`, `SIGRTMIN+3` for `37`.
    static func parse(_ text: String) throws(ConfigValueError) -> String {
        let upper = text.uppercased()
        let name = upper.hasPrefix("SIG") ? String(upper.dropFirst(3)) : upper
        if names.contains(name) || isRealTime(name) { return "SIG" + name }
        if text.utf8.allSatisfy(\.isASCIIDigit), let number = Int(text) {
            if (1...names.count).contains(number) { return "SIG" + names[number - 1] }
            if number == 34 { return "SIGRTMIN" }
            if (35...49).contains(number) { return "SIGRTMIN+\(number - 34)" }
            if (50...63).contains(number) { return "SIGRTMAX-\(64 - number)" }
            if number == 64 { return "SIGRTMAX" }
        }
        throw ConfigValueError(
            "\(quoted(text)) is not a signal; accepted: names such as SIGTERM, SIGINT or SIGRTMIN+3, and numbers")
    }

    private static func isRealTime(_ name: String) -> Bool {
        if name == "RTMIN" || name == "RTMAX" { return true }
        let offset = name.dropFirst(6)
        guard let value = Int(offset), String(value) == offset else { return false }
        return name.hasPrefix("RTMIN+") && (1...15).contains(value)
            || name.hasPrefix("RTMAX-") && (1...14).contains(value)
    }
}
