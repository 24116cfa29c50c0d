/// The images from outside that a build of a Dockerfile needs, each once, in the order of the file.
///
/// These are the frontend of `# syntax=`, the image of each `FROM`, `COPY --from=` and `RUN --mount=from=`, as far as the
/// target (or the last stage) needs them: BuildKit leaves other stages alone. Stage names, stage numbers and `scratch` are
/// not images. `platform` (`EngineInfo.platform`) gives the values of `TARGETARCH` and its relatives.
///
/// A reference that cannot be worked out is left out; the builder then says what is wrong. Takes time linear in the
/// text, which the caller bounds.
package func baseImages(
    inDockerfile text: [UInt8], buildArgs: [String: String], target: String?, platform: String? = nil
) -> [String] {
    let reader = DockerfileReader(String(decoding: text, as: UTF8.self))
    let stages = DockerfileStages(
        reader, variables: DockerfileVariables(buildArgs: buildArgs, platform: platform, escape: reader.escape))
    var seen: Set<String> = []
    let frontend = reader.syntax.flatMap { syntax in syntax.split(separator: " ").first.map { String($0) } }
    return ([frontend].compactMap { $0 } + stages.images(for: target)).filter { seen.insert($0).inserted }
}

/// The stages of a Dockerfile, and what each takes from others.
private struct DockerfileStages {
    private enum Source {
        case stage(Int)
        case image(String)
    }

    /// What each stage takes.
    private var stages: [[Source]] = []
    /// The last stage of each name, in lower case.
    private var numbers: [String: Int] = [:]

    init(_ reader: DockerfileReader, variables: DockerfileVariables) {
        var variables = variables
        for instruction in reader.instructions {
            switch instruction.keyword {
            case "ARG" where stages.isEmpty: variables.declare(instruction.arguments)
            case "FROM": addStage(variables.words(instruction.arguments), variables)
            case "COPY", "ADD": addCopySource(instruction.arguments, variables)
            case "RUN": addMountSources(instruction.arguments, variables)
            default: break
            }
        }
    }

    /// The images that a stage needs, itself and through other stages.
    func images(for target: String?) -> [String] {
        guard let wanted = index(of: target) else { return [] }
        var needed: Set<Int> = [wanted]
        // Stages only refer to earlier ones.
        for index in stride(from: wanted, through: 0, by: -1) where needed.contains(index) {
            for case .stage(let other) in stages[index] { needed.insert(other) }
        }
        return needed.sorted().flatMap { index in
            stages[index].compactMap { source in
                guard case .image(let reference) = source else { return nil }
                return reference
            }
        }
    }

    private func index(of target: String?) -> Int? {
        guard let target, !target.isEmpty else { return stages.indices.last }
        if let named = numbers[target.lowercased()] { return named }
        return Int(target).flatMap { stages.indices.contains($0) ? $0 : nil }
    }

    /// `FROM [--platform=...] image [AS name]`.
    private mutating func addStage(_ words: [String], _ variables: DockerfileVariables) {
        let words = words.drop { $0.hasPrefix("--") }
        let image = words.first.flatMap { variables.expand($0) }
        stages.append([image.flatMap { source($0, mayBeNumber: false) }].compactMap { $0 })
        if words.count >= 3, words[words.startIndex + 1].uppercased() == "AS" {
            numbers[words[words.startIndex + 2].lowercased()] = stages.count - 1
        }
    }

    private mutating func addCopySource(_ arguments: String, _ variables: DockerfileVariables) {
        for flag in variables.words(arguments).prefix(while: { $0.hasPrefix("--") }) where flag.hasPrefix("--from=") {
            add(String(flag.dropFirst("--from=".count)), variables)
        }
    }

    private mutating func addMountSources(_ arguments: String, _ variables: DockerfileVariables) {
        for flag in variables.words(arguments).prefix(while: { $0.hasPrefix("--") }) where flag.hasPrefix("--mount=") {
            for option in flag.dropFirst("--mount=".count).split(separator: ",") where option.hasPrefix("from=") {
                add(String(option.dropFirst("from=".count)), variables)
            }
        }
    }

    /// Variables do not work in `--from`: a reference with one is for the builder to refuse.
    private mutating func add(_ reference: String, _ variables: DockerfileVariables) {
        guard !stages.isEmpty, !reference.contains("$"), let plain = variables.expand(reference),
            let source = source(plain, mayBeNumber: true)
        else { return }
        stages[stages.count - 1].append(source)
    }

    /// The stage or image a word means; nil for none.
    private func source(_ reference: String, mayBeNumber: Bool) -> Source? {
        guard !reference.isEmpty, reference.lowercased() != "scratch" else { return nil }
        if let index = numbers[reference.lowercased()] { return .stage(index) }
        if mayBeNumber, let index = Int(reference) { return stages.indices.contains(index) ? .stage(index) : nil }
        return ImageReference(reference) == nil ? nil : .image(reference)
    }
}
