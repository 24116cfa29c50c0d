/// Cuts a Dockerfile into directives and instructions.
///
/// Follows <https://docs.docker.com/reference/dockerfile/>: parser directives only at the top, comment lines left out also
/// between continued lines, continuation by the escape character, heredocs skipped. Whatever else is wrong with the
/// file is the builder's to say.
struct DockerfileReader {
    struct Instruction {
        /// In upper case.
        let keyword: String
        /// The rest of the logical line.
        let arguments: String
    }

    private(set) var syntax: String?
    private(set) var escape: Character = "\\"
    private(set) var instructions: [Instruction] = []

    init(_ text: String) {
        var lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }[...]
        if let first = lines.first, first.hasPrefix("\u{feff}") { lines[lines.startIndex] = first.dropFirst() }
        readDirectives(&lines)
        while let line = nextLogicalLine(&lines) {
            let text = line.trimmed
            let keyword = text.prefix { !$0.isWhitespace }
            guard !keyword.isEmpty else { continue }
            let arguments = text[keyword.endIndex...].trimmed
            let instruction = Instruction(keyword: keyword.uppercased(), arguments: arguments)
            instructions.append(instruction)
            if ["RUN", "COPY", "ADD"].contains(instruction.keyword) { skipHeredocs(of: arguments, &lines) }
        }
    }

    /// `# syntax=...` and `# escape=...`, until the first line that is no directive.
    private mutating func readDirectives(_ lines: inout ArraySlice<Substring>) {
        var seen: Set<String> = []
        while let line = lines.first {
            let text = line.trimmed
            guard text.hasPrefix("#"), let equals = text.firstIndex(of: "=") else { return }
            let name = text[text.index(after: text.startIndex)..<equals].trimmed.lowercased()
            let value = text[text.index(after: equals)...].trimmed
            guard !name.isEmpty, name.allSatisfy({ $0.isLetter }), seen.insert(name).inserted else { return }
            switch name {
            case "syntax": syntax = value
            case "escape": if value == "`" { escape = "`" }
            default: break
            }
            lines.removeFirst()
        }
    }

    /// Joins continued lines; nil at the end of the file.
    private func nextLogicalLine(_ lines: inout ArraySlice<Substring>) -> String? {
        var joined = ""
        var begun = false
        while let line = lines.popFirst() {
            let leading = line.drop { $0.isWhitespace }
            if leading.hasPrefix("#") { continue }
            // Empty lines between continued ones are skipped, with a warning of the builder's.
            if leading.isEmpty { continue }
            begun = true
            var kept = line
            while let last = kept.last, last == " " || last == "\t" { kept.removeLast() }
            guard kept.last == escape else { return joined + line }
            joined += kept.dropLast()
        }
        return begun ? joined : nil
    }

    /// Skips the bodies of `<<EOF`, `<<-EOF` and `<<"EOF"`; they are text, whatever they look like.
    private func skipHeredocs(of arguments: String, _ lines: inout ArraySlice<Substring>) {
        var rest = Substring(arguments)
        while let next = rest.after("<<") {
            rest = next
            // `<<<` is a here-string.
            if rest.hasPrefix("<") {
                rest = rest.drop { $0 == "<" }
                continue
            }
            let stripsTabs = rest.hasPrefix("-")
            if stripsTabs { rest = rest.dropFirst() }
            let quote = rest.first.flatMap { $0 == "\"" || $0 == "'" ? $0 : nil }
            if quote != nil { rest = rest.dropFirst() }
            let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            guard !word.isEmpty, !(word.first?.isNumber ?? false) else { continue }
            rest = rest[word.endIndex...]
            // An unterminated heredoc is an error of the file, and reaches to its end.
            while let line = lines.popFirst() {
                if (stripsTabs ? line.drop { $0 == "\t" } : line) == word { break }
            }
        }
    }
}
