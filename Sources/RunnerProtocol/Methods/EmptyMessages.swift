/// The params of a method that has none.
///
/// Members by name are ignored; there is no position to give.
protocol EmptyParams: WireParams {
    init()
}

extension EmptyParams {
    package init(params: JSONValue?) throws(ResponseError) {
        _ = try ParamsReader(params, positional: [])
        self.init()
    }
}

/// The result `{}`.
package struct EmptyResult: WireMessage, Hashable {
    package init() {}

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.endObject()
    }
}
