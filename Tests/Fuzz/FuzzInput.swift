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
