import Foundation
import Testing

/// The saved inputs of the fuzz target, by the same rules; `Tests/Fuzz/run protocol` looks for new ones.
@Suite struct CorpusTests {
    @Test func `every saved stream keeps the rules`() throws {
        let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fuzz/corpus/protocol").standardized
        let files = try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
        #expect(StreamProperties.methodsLeftOut.isEmpty)
        try #require(files.count >= 20)
        for file in files {
            let violation = StreamProperties.violation(of: [UInt8](try Data(contentsOf: file)))
            #expect(violation == nil, "\(file.lastPathComponent)")
        }
    }
}
