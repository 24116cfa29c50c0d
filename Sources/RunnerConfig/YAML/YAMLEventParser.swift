import CLibYAML

/// Owns a libyaml parser and the text it reads.
///
/// Both live on the heap: libyaml keeps a pointer to the parser inside the parser, and to the text until the end.
@safe
struct YAMLEventParser: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    /// Copies `text`, which must be valid UTF-8 without a byte order mark.
    init(_ text: [UInt8]) throws(YAMLSyntaxError) {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            unsafe parser.deallocate()
            throw YAMLSyntaxError(mark: .start, message: "out of memory")
        }
        let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.count)
        _ = unsafe input.initialize(fromContentsOf: text)
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, input.baseAddress, text.count)
        unsafe self.parser = parser
        unsafe self.input = input
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }

    /// Reads the next event; not to be called again after `streamEnd` or an error.
    mutating func next() throws(YAMLSyntaxError) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
        defer { unsafe yaml_event_delete(&event) }
        let fields = unsafe CLibYAML_event_fields(&event)
        let anchor = unsafe Self.string(fields.anchor)
        let tag = unsafe Self.string(fields.tag)
        let kind: YAMLEvent.Kind
        switch unsafe event.type {
        case YAML_STREAM_START_EVENT: kind = .streamStart
        case YAML_STREAM_END_EVENT: kind = .streamEnd
        case YAML_DOCUMENT_START_EVENT:
            let major = unsafe Int(fields.version_major)
            kind = unsafe .documentStart(version: major == 0 ? nil : (major, Int(fields.version_minor)))
        case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
        case YAML_ALIAS_EVENT: kind = .alias(anchor ?? "")
        case YAML_SCALAR_EVENT:
            let bytes = unsafe UnsafeBufferPointer(start: fields.value, count: fields.length)
            let text = unsafe String(decoding: bytes, as: UTF8.self)
            kind = unsafe .scalar(text: text, isPlain: fields.is_plain != 0, anchor: anchor, tag: tag)
        case YAML_SEQUENCE_START_EVENT: kind = .sequenceStart(anchor: anchor, tag: tag)
        case YAML_MAPPING_START_EVENT: kind = .mappingStart(anchor: anchor, tag: tag)
        default: kind = .collectionEnd
        }
        return unsafe YAMLEvent(kind: kind, mark: Self.mark(event.start_mark))
    }

    private func syntaxError() -> YAMLSyntaxError {
        let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "cannot be read"
        switch unsafe parser.pointee.error {
        case YAML_MEMORY_ERROR:
            return YAMLSyntaxError(mark: .start, message: "out of memory")
        case YAML_READER_ERROR:
            // A reader error carries a byte offset in place of a mark.
            let offset = unsafe min(Int(clamping: parser.pointee.problem_offset), input.count)
            let mark = unsafe YAMLMark(ofByte: offset, in: Array(input))
            return YAMLSyntaxError(mark: mark, message: "not valid YAML: \(problem)")
        default:
            let context = unsafe parser.pointee.context.map { unsafe ", " + String(cString: $0) } ?? ""
            let mark = unsafe Self.mark(parser.pointee.problem_mark)
            return YAMLSyntaxError(mark: mark, message: "not valid YAML: \(problem)\(context)")
        }
    }

    private static func string(_ text: UnsafePointer<yaml_char_t>?) -> String? {
        unsafe text.map { unsafe String(cString: $0) }
    }

    private static func mark(_ mark: yaml_mark_t) -> YAMLMark {
        YAMLMark(line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
    }
}
