import Testing

@testable import RunnerProtocol

@Suite struct RequestIDTests {
    private func id(_ text: String) -> RequestID { RequestID(scanned: text) }

    @Test func `ids that mean the same are equal`() {
        #expect(id(#""a\/b""#) == id(#""a/b""#))
        #expect(id(#""\u0061""#) == RequestID("a"))
        #expect(Set([id(#""\u0061""#), id(#""a""#)]).count == 1)
        #expect(id("7") == RequestID(7))
        #expect(id("7") != RequestID("7"))
        #expect(id("1") != id("1.0"))
        #expect(id("null") == .null)
        #expect(RequestID("null") != .null)
    }

    @Test func `canonically equivalent strings are different ids`() {
        #expect(RequestID("\u{e9}") != RequestID("e\u{301}"))
    }

    @Test func `cancelling finds the id of the request`() throws {
        let params = try JSONReader.parse(Array(#"{"id":"a\/b"}"#.utf8))
        #expect(try CancelParams(params: params).requestID == id(#""a\/b""#))
        #expect(try CancelParams(params: ["id": 12]).requestID == id("12"))
        #expect(try CancelParams(params: ["id": nil]).requestID == .null)
        #expect(try CancelParams(params: ["x"]).requestID == RequestID("x"))
        #expect(try CancelledParams(params: ["requestId": "x", "reason": "timeout"]).requestID == RequestID("x"))
        #expect(throws: ResponseError.self) { try CancelParams(params: nil) }
        #expect(throws: ResponseError.self) { try CancelParams(params: ["id": true]) }
    }
}
