import Testing

@testable import DockerEngine

@Suite struct JSONObjectSplitterTests {
    private static let objects = [
        #"{"stream":"a } \" { \\"}"#, "{}", #"{"a":[{"b":"]"},{}],"c":"\u001b[0m"}"#, #"{"e":"ü"}"#,
    ]

    @Test(arguments: ["\r\n", "\n", "", " \u{1e}"], [1, 2, 3, 7, 1000])
    func `finds objects however they are separated and cut`(separator: String, size: Int) throws {
        let bytes = Array((Self.objects.joined(separator: separator) + separator).utf8)
        var splitter = JSONObjectSplitter()
        var found: [String] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = Array(bytes[start..<min(start + size, bytes.count)])
            found += try splitter.push(piece).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(found == Self.objects)
        #expect(!splitter.isInsideObject)
    }

    @Test func `knows that an object is not whole`() throws {
        var splitter = JSONObjectSplitter()
        #expect(try splitter.push(Array(#"{"a":1}{"b""#.utf8)).count == 1)
        #expect(splitter.isInsideObject)
    }

    @Test func `refuses what is no object, and an endless one`() throws {
        var splitter = JSONObjectSplitter()
        #expect(throws: EngineError.self) { try splitter.push(Array("<html>".utf8)) }
        splitter = JSONObjectSplitter()
        let filler = [UInt8](repeating: UInt8(ascii: "["), count: JSONObjectSplitter.maxObjectBytes)
        #expect(throws: EngineError.self) { try splitter.push(Array("{".utf8) + filler) }
    }
}
