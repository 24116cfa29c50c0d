import Foundation
import Testing

/// The saved inputs of the fuzz target, by the same rules; `Tests/Fuzz/run config` looks for new ones.
@Suite struct ConfigCorpusTests {
    @Test func `every saved input keeps the rules`() throws {
        let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fuzz/corpus/config").standardized
        let files = try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
        try #require(files.count >= 100)
        for file in files {
            let violation = ConfigProperties.violation(of: [UInt8](try Data(contentsOf: file)))
            #expect(violation == nil, "\(file.lastPathComponent)")
        }
    }
}
