/// Linux capabilities by name (capabilities(7)).
///
/// `ALL` is none of them on purpose.
enum CapabilityName {
    private static let names: Set<String> = [
        "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "CHOWN",
        "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE",
        "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST",
        "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYSLOG", "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT",
        "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG",
        "WAKE_ALARM",
    ]

    /// The canonical form of `CAP_NET_ADMIN` or `net_admin`: `NET_ADMIN`.
    static func parse(_ text: String) throws(ConfigValueError) -> String {
        let upper = text.uppercased()
        let name = upper.hasPrefix("CAP_") ? String(upper.dropFirst(4)) : upper
        guard names.contains(name) else {
            throw ConfigValueError(
                "\(quoted(text)) is not a capability; accepted: names such as NET_ADMIN (ALL is not accepted)")
        }
        return name
    }

    /// A list of names without repetitions.
    static func list(_ field: ConfigField) -> [String]? {
        var names: [String] = []
        for item in field.items(limit: Self.names.count) ?? [] {
            guard let name = item.text("the name of a capability", parse), !names.contains(name) else { continue }
            names.append(name)
        }
        return names
    }
}
