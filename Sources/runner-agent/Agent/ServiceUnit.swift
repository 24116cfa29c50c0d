/// The systemd unit of an agent, see systemd.service(5): of the machine, or of one user.
struct ServiceUnit {
    enum Scope: String, CaseIterable {
        case system, user
    }

    let scope: Scope
    /// Absolute path of the program.
    let program: String

    /// A path as a unit file writes it: `%` and `$` mean something there.
    private var escapedProgram: String {
        let text = program.map { character in
            switch character {
            case "%": "%%"
            case "$": "$$"
            case "\\", "\"": "\\\(character)"
            default: String(character)
            }
        }
        return "\"\(text.joined())\""
    }

    var text: String {
        """
        [Unit]
        Description=Runs software components from their repositories on a container engine
        \(scope == .system ? "After=network-online.target docker.service\nWants=network-online.target\n" : "")\
        StartLimitIntervalSec=60
        StartLimitBurst=10

        [Service]
        Type=notify
        NotifyAccess=main
        ExecStart=\(escapedProgram) serve
        # What runs is kept when the agent ends, and adopted by the next one. A client may end it for good with `shutdown`.
        Restart=on-failure
        RestartSec=1
        # An engine that is away is no reason to start the agent again: it says that it lives from the loop that answers.
        WatchdogSec=30
        TimeoutStopSec=20
        KillMode=mixed
        LimitNOFILE=4096
        TasksMax=256
        MemoryMax=1G
        NoNewPrivileges=yes
        LockPersonality=yes
        RestrictRealtime=yes
        RestrictSUIDSGID=yes
        SystemCallArchitectures=native
        RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
        \(scope == .system ? Self.systemLines : "")
        [Install]
        WantedBy=\(scope == .system ? "multi-user.target" : "default.target")

        """
    }

    /// The socket is /run/runner-agent/agent.sock, the configuration /etc/runner-agent/config.yml.
    private static let systemLines = """
        Environment=XDG_CONFIG_HOME=/etc XDG_STATE_HOME=/var/lib XDG_CACHE_HOME=/var/cache
        RuntimeDirectory=runner-agent
        RuntimeDirectoryMode=0700
        StateDirectory=runner-agent
        StateDirectoryMode=0700
        CacheDirectory=runner-agent
        CacheDirectoryMode=0700
        OOMScoreAdjust=-200
        ProtectSystem=strict
        ProtectHome=read-only
        ProtectKernelTunables=yes
        ProtectKernelModules=yes
        ProtectKernelLogs=yes
        ProtectControlGroups=yes
        ProtectClock=yes
        PrivateDevices=yes

        """
}
