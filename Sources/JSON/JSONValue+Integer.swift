extension JSONValue {
  /// The integer that a number is, exactly: `5.0` and `1e2` are integers too, as JSON Schema has it. Nil beyond 2^53-1.
  package var exactInteger: Int64? {
    switch self {
    case .integer(let number): number
    case .number(let text): Self.exactInteger(text)
    default: nil
    }
  }

  private static func exactInteger(_ text: String) -> Int64? {
    let parts = text.lowercased().split(separator: "e")
    // A larger exponent is beyond the limit, or away from an integer, whatever stands before it.
    guard let mantissa = parts.first, let exponent = parts.count > 1 ? Int(parts[1]) : 0, abs(exponent) < 1_000 else {
      return nil
    }
    let halves = mantissa.split(separator: ".")
    var digits = halves.joined().utf8.filter { $0 != UInt8(ascii: "-") }
    var scale = exponent - (halves.count > 1 ? halves[1].utf8.count : 0)
    while scale < 0, digits.last ?? UInt8(ascii: "0") == UInt8(ascii: "0") {
      _ = digits.popLast()
      scale += 1
    }
    guard scale >= 0 else { return nil }
    var value: Int64 = 0
    for digit in digits + Array(repeating: UInt8(ascii: "0"), count: scale) {
      value = value * 10 + Int64(digit - UInt8(ascii: "0"))
      guard value <= JSONReader.largestInteger else { return nil }
    }
    return text.hasPrefix("-") ? -value : value
  }
}
