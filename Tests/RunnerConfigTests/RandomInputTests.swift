import RunnerConfig
import Testing

/// Texts that nobody wrote: the outcome may be anything but a crash, a hang or a place outside the text.
@Suite struct RandomInputTests {
    private static let seeds = [
        """
        %YAML 1.1
        ---
        runner: &r
          type: docker
          dockerfile: "./Docker\\u0066ile"
          ports: [3000, '8080:80', "auto:8000-8003"]
          environment: {A: 012, B: ~, <<: *r}
          healthCheck: {path: /healthz, interval: 1m30s, expectStatus: [200, 300-399]}
          build:
            args: !!map {V: !!str 1}
            labels: {x: |
              literal
            }
          stop: {signal: SIGRTMIN+3, grace: 10s}
        ...
        """,
        #"{"runner":{"type":"docker","ports":[3000],"environment":{"A":"\ud83d\ude00\/","B":1e3,"C":null}}}"#,
        """
        github:
          - {host: github.com, token: x, apiBaseUrl: https://api.github.com}
        components: {"component:default/web": {location: "url:https://github.com/o/r"}}
        limits: {archiveBytes: 256m, historyAge: 7d}
        bindAddress: ::1
        """,
    ]
    private static let pieces = [
        "[", "]", "{", "}", ":", ": ", "- ", "\n", "\n  ", "&a ", "*a", "!!", "'", "\"", "\\u", "#", "|", ">", "%",
        "\t", "\u{85}", "\0", "1e9", "-", "~", "é",
    ]

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `mutated texts are read or refused`(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        for _ in 0..<1000 {
            var text = Array((Self.seeds.randomElement(using: &random) ?? "").utf8)
            for _ in 0..<Int.random(in: 1...8, using: &random) { mutate(&text, &random) }
            try check(text)
        }
    }

    @Test func `random bytes are read or refused`() throws {
        var random = SplitMix(state: 7)
        for _ in 0..<1000 {
            let count = Int.random(in: 0...300, using: &random)
            try check((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
    }

    private func check(_ text: [UInt8]) throws {
        let lines = text.count + 2
        let found = [
            outcome { () throws(ConfigError) in try ComponentConfig.parse(text).warnings },
            outcome { () throws(ConfigError) in try AgentConfig.parse(text).warnings },
        ]
        for diagnostics in found {
            for diagnostic in diagnostics {
                try #require((1...lines).contains(diagnostic.line), "\(text)")
                try #require((1...lines).contains(diagnostic.column), "\(text)")
                try #require(!diagnostic.message.isEmpty)
            }
        }
    }

    private func outcome(_ parse: () throws(ConfigError) -> [ConfigDiagnostic]) -> [ConfigDiagnostic] {
        do { return try parse() } catch { return error.diagnostics }
    }

    private func mutate(_ text: inout [UInt8], _ random: inout SplitMix) {
        let index = Int.random(in: 0...text.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0 where index < text.count: text[index] = UInt8.random(in: 0...255, using: &random)
        case 1 where index < text.count:
            text.removeSubrange(index..<min(text.count, index + Int.random(in: 1...10, using: &random)))
        case 2:
            let part = text[index...].prefix(Int.random(in: 1...40, using: &random))
            text.insert(contentsOf: Array(part), at: Int.random(in: 0...text.count, using: &random))
        default: text.insert(contentsOf: Array((Self.pieces.randomElement(using: &random) ?? "").utf8), at: index)
        }
    }
}

/// A generator that gives the same numbers each time (splitmix64).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
