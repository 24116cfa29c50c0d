/// One step of a YAML text as libyaml sees it.
struct YAMLEvent {
    enum Kind {
        case streamStart
        case streamEnd
        /// `version` is what a `%YAML` directive says.
        case documentStart(version: (major: Int, minor: Int)?)
        case documentEnd
        case alias(String)
        case scalar(text: String, isPlain: Bool, anchor: String?, tag: String?)
        case sequenceStart(anchor: String?, tag: String?)
        case mappingStart(anchor: String?, tag: String?)
        case collectionEnd
    }

    var kind: Kind
    var mark: YAMLMark
}

/// Why a text could not be read further.
struct YAMLSyntaxError: Error {
    var mark: YAMLMark
    var message: String
}
