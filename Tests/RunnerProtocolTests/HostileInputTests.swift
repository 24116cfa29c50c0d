import Testing

@testable import RunnerProtocol

/// Lines made by changing good ones at random.
///
/// Nothing may crash, and what is accepted must be JSON that means the same
/// after another round.
@Suite struct HostileInputTests {
    private static let seeds = [
        #"{"jsonrpc":"2.0","id":1,"method":"runner.list","params":{}}"#,
        #"{"jsonrpc":"2.0","id":"\ud83d\ude00é","method":"runner.start","params":{"source":{"location":"x"},"ports":[3000,"1:2"],"environment":{"A":"b"},"_meta":{"progressToken":1e5}}}"#,
        #"[{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":-1.5e+3}},{"result":null,"id":1},[[{}]],true]"#,
        #"{"jsonrpc":"2.0","id":null,"method":"runner.logs","params":["i",true,5,6,"2026-01-02T03:04:05Z",null,["stderr"]]}"#,
        "{\"a\":\"\u{2028}\u{7ff}\u{ffff}\u{10ffff}\",\"b\":[1,2,[3,[4]]]}",
    ]

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `changed lines are judged, never crash`(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        for _ in 0..<2000 {
            let line = mutated(Self.seeds.randomElement(using: &random) ?? "", using: &random)
            checkDecoding(line)
            guard let value = try? JSONReader.parse(line) else { continue }
            #expect(try JSONReader.parse(value.serialized) == value)
        }
    }

    @Test(arguments: [UInt64(5), 6])
    func `chunking changes nothing`(seed: UInt64) {
        var random = SplitMix64(state: seed)
        for _ in 0..<100 {
            let stream = Self.seeds.flatMap { mutated($0, using: &random) + [UInt8(ascii: "\n")] }
            var whole = LineFramer(limitBytes: 150)
            whole.append(stream)
            var cut = LineFramer(limitBytes: 150)
            var lines: [FramedLine] = []
            var index = 0
            while index < stream.count {
                let end = min(stream.count, index + Int.random(in: 1...64, using: &random))
                cut.append(stream[index..<end])
                while let line = cut.next() { lines.append(line) }
                index = end
            }
            var expected: [FramedLine] = []
            while let line = whole.next() { expected.append(line) }
            #expect(lines == expected)
        }
    }

    private func checkDecoding(_ line: [UInt8]) {
        let items =
            switch decodeInbound(line) {
            case .single(let item): [item]
            case .batch(let items): items
            }
        for case .call(let call) in items {
            guard let params = try? call.params.value() else { continue }
            _ = try? StartParams(params: params)
            _ = try? LogsParams(params: params)
            _ = try? InitializeParams(params: params)
            _ = try? CancelParams(params: params)
        }
    }

    private func mutated(_ seed: String, using random: inout SplitMix64) -> [UInt8] {
        let alphabet = Array(#"{}[]",:\u0d8e-+.tfn \#t"#.utf8) + [0x00, 0x0D, 0x80, 0xC3, 0xE2, 0xED, 0xF0, 0xFF]
        var line = Array(seed.utf8)
        for _ in 0..<Int.random(in: 0...4, using: &random) where !line.isEmpty {
            let index = Int.random(in: 0..<line.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: line[index] = alphabet.randomElement(using: &random) ?? 0
            case 1: line.insert(alphabet.randomElement(using: &random) ?? 0, at: index)
            case 2: line.remove(at: index)
            default: line.removeSubrange(index..<min(line.count, index + 8))
            }
        }
        return line
    }
}

/// A small generator with a seed, so that a failure can be run again.
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
