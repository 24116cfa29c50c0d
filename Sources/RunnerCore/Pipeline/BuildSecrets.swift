import DockerEngine
import RunnerConfig
import SystemPackage

/// The values for `RUN --mount=type=secret` of one build; they show themselves to nobody.
///
/// A start's own values count for every id; the agent's configuration gives those that the component's configuration lists. They
/// go to the engine through the build's session alone, and what a step prints of them is masked.
struct BuildSecrets: Sendable, CustomStringConvertible {
    static let mask = Array("***".utf8)
    /// Shorter lines of a secret occur in any output by chance.
    static let minMaskedBytes = 4

    let values: [String: [UInt8]]
    /// What is masked, longest first: a part must not be taken out of the whole.
    private let patterns: [[UInt8]]

    init(values: [String: [UInt8]]) {
        self.values = values
        let lines = values.values.flatMap { value in
            value.split(separator: UInt8(ascii: "\n")).map { line in
                Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
            }
        }
        patterns = Set(lines).filter { $0.count >= Self.minMaskedBytes }.sorted { $0.count > $1.count }
    }

    /// Blocking: reads the files that the agent's configuration names.
    init(
        request: [String: String], listed: [String], agent: [String: BuildSecretSource], environment: [String: String]
    ) throws(Failure) {
        var values = request.mapValues { Array($0.utf8) }
        for id in listed where values[id] == nil {
            guard let source = agent[id] else { continue }
            values[id] = try Self.read(source, id: id, environment: environment)
        }
        if let id = values.filter({ $0.value.count > BuildSessionOffer.maxSecretBytes }).keys.min() {
            throw Failure(
                .buildFailed, "the build secret \(id) is larger than \(BuildSessionOffer.maxSecretBytes) bytes",
                hint: "BuildKit takes no larger ones: give the build what it really needs"
            ).adding("limit", "buildSecretBytes")
        }
        self.init(values: values)
    }

    var description: String { "<\(values.count) secrets>" }

    func masked(_ text: String) -> String {
        patterns.isEmpty ? text : String(decoding: masked(Array(text.utf8)), as: UTF8.self)
    }

    func masked(_ lines: [LineAssembler.Line]) -> [LineAssembler.Line] {
        guard !patterns.isEmpty else { return lines }
        return lines.map { line in
            var line = line
            line.bytes = masked(line.bytes)
            return line
        }
    }

    private func masked(_ bytes: [UInt8]) -> [UInt8] {
        patterns.reduce(bytes) { text, pattern in
            guard text.count >= pattern.count else { return text }
            return text.replacing(pattern, with: Self.mask)
        }
    }

    private static func read(
        _ source: BuildSecretSource, id: String, environment: [String: String]
    ) throws(Failure) -> [UInt8] {
        switch source {
        case .environment(let name):
            guard let value = environment[name] else {
                throw unreadable(id, "the agent's environment has no variable \(name)")
            }
            return Array(value.utf8)
        case .file(let path):
            do {
                // A pipe without a writer must not hold the build up.
                let file = try FileDescriptor.open(
                    FilePath(path), .readOnly, options: [.closeOnExec, .nonBlocking])
                defer { try? file.close() }  // read only: nothing can be lost
                // One byte more than allowed is enough to refuse it.
                return try FileAccess.read(file, at: 0, count: BuildSessionOffer.maxSecretBytes + 1)
            } catch {
                throw unreadable(id, "\(path): \(error)")
            }
        }
    }

    private static func unreadable(_ id: String, _ reason: String) -> Failure {
        Failure(
            .buildFailed, "the build secret \(id) cannot be read: \(reason)",
            hint: "correct buildSecrets.\(id) in the agent's configuration, or give it in buildSecrets of the start")
    }
}
