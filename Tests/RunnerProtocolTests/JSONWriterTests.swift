import Testing

@testable import RunnerProtocol

@Suite struct JSONWriterTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `commas and colons fall where they belong`() {
        let text = written { writer in
            writer.beginObject()
            writer.member("a", 1)
            writer.key("b")
            writer.beginArray()
            writer.beginArray()
            writer.endArray()
            writer.beginObject()
            writer.endObject()
            writer.null()
            writer.bool(false)
            writer.string("[")
            writer.string("{")
            writer.string(":")
            writer.raw("1.5")
            writer.raw(Array("{}".utf8))
            writer.endArray()
            writer.member("c", "d")
            writer.endObject()
            writer.newline()
            writer.beginObject()
            writer.endObject()
        }
        #expect(text == #"{"a":1,"b":[[],{},null,false,"[","{",":",1.5,{}],"c":"d"}"# + "\n{}")
    }

    @Test(arguments: [
        ("plain", #""plain""#), ("", #""""#), ("a\"b\\c", #""a\"b\\c""#), ("\n\r\t", #""\n\r\t""#),
        ("\u{0}\u{1}\u{8}\u{c}\u{1f}", #""\u0000\u0001\u0008\u000c\u001f""#), ("/\u{7f}", "\"/\u{7f}\""),
        ("é€😀", "\"é€😀\""), ("a\u{2028}b\u{2029}", #""a\u2028b\u2029""#),
        ("\u{2027}\u{202a}\u{2068}", "\"\u{2027}\u{202a}\u{2068}\""), ("é\n", "\"é\\n\""),
    ])
    func `strings are escaped`(value: String, expected: String) throws {
        let text = written { $0.string(value) }
        #expect(text == expected)
        #expect(written { _ = $0.stringBytes(Array(value.utf8)) } == expected)
        #expect(try JSONReader.parse(Array(text.utf8)) == .string(value))
    }

    @Test(
        arguments: [[0xFF], [0x61, 0x62, 0xC3], [0xC3, 0x28], [0x0A, 0xED, 0xA0, 0x80], [0xE2, 0x80]] as [[UInt8]])
    func `invalid UTF-8 writes nothing`(bytes: [UInt8]) {
        var writer = JSONWriter()
        writer.beginArray()
        writer.int(1)
        let isWritten = writer.stringBytes(bytes)
        #expect(!isWritten)
        #expect(writer.bytes == Array("[1".utf8))
    }

    @Test(arguments: [0, 1, -1, 9, 10, 99, 100, 12345, Int.max, Int.min])
    func `integers are written in full`(value: Int) {
        #expect(written { $0.int(value) } == String(value))
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `base64 follows RFC 4648`(data: String, expected: String) {
        #expect(written { $0.base64(Array(data.utf8)) } == "\"\(expected)\"")
    }

    @Test func `base64 uses every digit`() {
        var data: [UInt8] = []
        for first in stride(from: UInt32(0), to: 64, by: 4) {
            let group = first << 18 | (first + 1) << 12 | (first + 2) << 6 | (first + 3)
            data += [UInt8(group >> 16), UInt8(group >> 8 & 0xFF), UInt8(group & 0xFF)]
        }
        let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        #expect(written { $0.base64(data) } == "\"\(digits)\"")
    }
}
