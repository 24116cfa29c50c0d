import HTTPTransport
import Testing

@Suite struct HTTPHeadersTests {
    @Test func `finds, replaces and adds fields without regard to case`() {
        var headers = HTTPHeaders([("Accept", "a"), ("X", "1"), ("accept", "b")])
        #expect(headers["ACCEPT"] == "a")
        #expect(headers.all("Accept") == ["a", "b"])
        #expect(headers["Acceptx"] == nil)
        headers.set("aCCept", "c")
        #expect(headers.all("Accept") == ["c"])
        headers.add("x", "2")
        #expect(headers.entries.map(\.name) == ["X", "aCCept", "x"])
        #expect(headers.entries.map(\.value) == ["1", "c", "2"])
    }
}

@Suite struct PercentEncodingTests {
    @Test(
        arguments: [
            ("AZaz09-._~", "AZaz09-._~", "AZaz09-._~", "AZaz09-._~"),
            (#"{"a":["b c"]}"#, "%7B%22a%22%3A%5B%22b%20c%22%5D%7D", "%7B%22a%22:%5B%22b%20c%22%5D%7D", nil),
            ("a+b&c=d/e?f#g%", "a%2Bb%26c%3Dd%2Fe%3Ff%23g%25", "a+b&c=d%2Fe%3Ff%23g%25", "a+b&c=d/e%3Ff%23g%25"),
            ("ä\n\0", "%C3%A4%0A%00", "%C3%A4%0A%00", "%C3%A4%0A%00"),
            ("", "", "", ""),
        ] as [(String, String, String, String?)])
    func `encodes every byte outside the set`(text: String, query: String, segment: String, path: String?) {
        #expect(percentEncode(text) == query)
        #expect(percentEncode(text, allowed: .pathSegment) == segment)
        if let path { #expect(percentEncode(text, allowed: .path) == path) }
    }
}
