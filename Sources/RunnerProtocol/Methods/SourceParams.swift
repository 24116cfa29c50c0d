/// Where a client says the source is.
package enum SourceParams: Sendable, Hashable {
    case location(String, ref: String?)
    /// An absolute path.
    case directory(path: String)

    /// Reads the member `source`; nil when it is absent.
    init?(_ params: ParamsReader, refusingUnknown: Bool) throws(ResponseError) {
        guard let reader = try params.nested("source") else { return nil }
        if refusingUnknown { try reader.refuseUnknown(["location", "ref", "path"]) }
        let ref = try reader.text("ref")
        switch (try reader.text("location"), try reader.text("path")) {
        case (let location?, nil):
            self = .location(location, ref: ref)
        case (nil, let path?):
            guard path.hasPrefix("/") else { throw reader.fault("path", "must be an absolute path") }
            guard ref == nil else { throw reader.fault("ref", "goes with location only") }
            self = .directory(path: path)
        case (nil, nil): throw reader.fault("location or path is required")
        case (_?, _?): throw reader.fault("path", "location and path exclude each other")
        }
    }
}

extension ParamsReader {
    /// A config given inline: an object, or YAML text.
    func configText(_ name: String) throws(ResponseError) -> [UInt8]? {
        switch value(name) {
        case nil: nil
        case .string(let text)?: Array(text.utf8)
        case .object(let object)?: JSONValue.object(object).serialized
        default: throw fault(name, "must be an object or YAML text")
        }
    }

    /// `credentials.token`.
    func token(refusingUnknown: Bool) throws(ResponseError) -> String? {
        guard let credentials = try nested("credentials") else { return nil }
        if refusingUnknown { try credentials.refuseUnknown(["token"]) }
        guard let token = try credentials.text("token") else { throw credentials.fault("token", "is required") }
        return token
    }
}
