import Foundation
import Testing

/// The saved inputs of the fuzz target, by the same rules; `Tests/Fuzz/run ignore` looks for new ones.
@Suite struct IgnoreCorpusTests {
    @Test func `every saved input keeps the rules`() throws {
        let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fuzz/corpus/ignore").standardized
        let files = try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
        try #require(files.count >= 40)
        for file in files {
            let violation = IgnoreProperties.violation(of: [UInt8](try Data(contentsOf: file)))
            #expect(violation == nil, "\(file.lastPathComponent)")
        }
    }
}
