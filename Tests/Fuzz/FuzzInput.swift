/// What libFuzzer calls with every input (https://llvm.org/docs/LibFuzzer.html); 0 keeps the input when it reached new code.
///
/// Each target defines `violation(of:)`: the first rule its input breaks, nil when all hold.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    // A crash is how libFuzzer is told; it then saves the input.
    if let rule = violation(of: bytes) { fatalError(rule) }
    return 0
}

/// Lengths of chunks from 1 to `longest`, by a generator seeded with the content: a saved input is cut the same again.
struct Cuts {
    private let longest: Int
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    init(of bytes: [UInt8], longest: Int) {
        self.longest = longest
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    mutating func next() -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return 1 + Int(state >> 33) % longest
    }
}
