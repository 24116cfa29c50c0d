internal import RunnerCore
internal import RunnerProtocol

extension ValidateResult {
    init(_ report: ValidationReport) throws {
        self.init(
            config: try report.configJSON.map { try JSONReader.parse($0) } ?? .null, warnings: report.warnings,
            diagnostics: report.diagnostics.map(DiagnosticMessage.init))
    }
}
