/// A Backstage catalog.
package struct CatalogConfig: Sendable, Hashable {
    /// Without a trailing slash; https, or http to a loopback host.
    package var baseURL: String
    package var tokenSource: TokenSource?
    package var caFile: String?

    package init(baseURL: String, tokenSource: TokenSource? = nil, caFile: String? = nil) {
        self.baseURL = baseURL
        self.tokenSource = tokenSource
        self.caFile = caFile
    }

    static func read(_ field: ConfigField) -> CatalogConfig? {
        guard let mapping = field.mapping(["baseUrl", "caFile"] + TokenSource.keys) else { return nil }
        let url = mapping.required("baseUrl", "as in https://backstage.example.com/api/catalog")
        let base = url?.text("a URL") { text throws(ConfigValueError) in
            let base = try BaseURL.parse(text)
            guard base.isSecure || base.host.isLoopback else {
                throw ConfigValueError("must begin with https://; http is for loopback hosts alone")
            }
            return base
        }
        let tokenSource = TokenSource.read(mapping)
        let caFile = mapping["caFile"]?.text("a path", AbsolutePath.parse)
        guard let base else { return nil }
        return CatalogConfig(baseURL: base.text, tokenSource: tokenSource, caFile: caFile)
    }
}
