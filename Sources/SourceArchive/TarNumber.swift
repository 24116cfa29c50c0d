/// The number in a tar header field, or nil for a field that is blank.
///
/// Octal digits, led by blanks and ended by NUL, blank or the field's end; or, with the top bit of the first byte set,
/// a two's complement binary number (GNU's base-256).
func tarNumber(_ field: Span<UInt8>, named name: String) throws(TarFieldFault) -> Int64? {
    if field[0] & 0x80 != 0 { return try binaryTarNumber(field, named: name) }
    var index = 0
    while index < field.count, field[index] == blank { index += 1 }
    var value: Int64?
    while index < field.count, (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(field[index]) {
        // At most 12 digits of 3 bits: no overflow.
        value = (value ?? 0) << 3 | Int64(field[index] & 7)
        index += 1
    }
    while index < field.count {
        guard field[index] == 0 || field[index] == blank else {
            throw TarFieldFault("the \(name) field is not an octal number")
        }
        index += 1
    }
    return value
}

private func binaryTarNumber(_ field: Span<UInt8>, named name: String) throws(TarFieldFault) -> Int64 {
    // The marker bit is no part of the number; the bit below it is the sign.
    let isNegative = field[0] & 0x40 != 0
    var value: Int64 = isNegative ? -1 : 0
    for position in 0..<field.count {
        let bits = position == 0 && !isNegative ? field[0] & 0x7F : field[position]
        let shifted = value.multipliedReportingOverflow(by: 256)
        guard !shifted.overflow else { throw TarFieldFault("the \(name) field is too large a number") }
        value = shifted.partialValue | Int64(bits)
    }
    return value
}

let blank = UInt8(ascii: " ")
