import RunnerConfig
import Testing

/// A component's configuration with `lines` below `runner:`, indented by two; the first of them is on line 4.
func makeComponentText(_ lines: String) -> [UInt8] {
    let indented = lines.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }
    return Array("runner:\n  type: docker\n  ports: [3000]\n\(indented.joined(separator: "\n"))\n".utf8)
}

/// The errors of a text that is no component's configuration; empty when it is one.
func componentErrors(_ text: [UInt8]) -> [ConfigDiagnostic] {
    do {
        _ = try ComponentConfig.parse(text)
        return []
    } catch {
        return error.diagnostics
    }
}

func componentErrors(_ text: String) -> [ConfigDiagnostic] {
    componentErrors(Array(text.utf8))
}

/// The errors of a text that is no agent's configuration; empty when it is one.
func agentErrors(_ text: String) -> [ConfigDiagnostic] {
    do {
        _ = try AgentConfig.parse(Array(text.utf8))
        return []
    } catch {
        return error.diagnostics
    }
}
