/// `runner.validate`: reads and checks what a start would use; starts nothing.
package struct ValidateParams: WireParams, Hashable {
    package static let method = WireMethod.runnerValidate

    package enum Subject: Sendable, Hashable {
        case source(SourceParams)
        /// A Backstage entity, an object.
        case entity(JSONValue)
        /// YAML or JSON text.
        case config([UInt8])
    }

    package var subject: Subject

    package init(params: JSONValue?) throws(ResponseError) {
        let reader = try ParamsReader(params, positional: ["source", "entity", "config"])
        let source = try SourceParams(reader, refusingUnknown: false)
        let entity = try reader.objectValue("entity")
        let config = try reader.configText("config")
        switch (source, entity, config) {
        case (let source?, nil, nil): subject = .source(source)
        case (nil, let entity?, nil): subject = .entity(.object(entity))
        case (nil, nil, let config?): subject = .config(config)
        default: throw reader.fault("exactly one of source, entity and config is required")
        }
    }
}

package struct ValidateResult: WireMessage, Hashable {
    /// The config with its defaults filled in; null when it has faults.
    package var config: JSONValue
    package var warnings: [String]
    package var diagnostics: [DiagnosticMessage]

    package init(config: JSONValue, warnings: [String], diagnostics: [DiagnosticMessage]) {
        self.config = config
        self.warnings = warnings
        self.diagnostics = diagnostics
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("config")
        config.write(to: &writer)
        writer.member("warnings", warnings)
        writer.member("diagnostics", diagnostics)
        writer.endObject()
    }
}
