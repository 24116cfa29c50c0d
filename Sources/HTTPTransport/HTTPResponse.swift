/// A response whose head has arrived.
package struct HTTPResponse: Sendable {
    package let status: Int
    package let headers: HTTPHeaders
    /// Must be read to its end or cancelled; dropping it cancels the transfer.
    package let body: HTTPResponseBody
}
