/// The value of Content-Length: `1*DIGIT` and nothing else (RFC 9110, section 8.6).
enum ContentLength: Equatable {
  case value(Int)
  /// Well-formed, beyond 64 bits.
  case tooLarge
  case malformed

  static func read(_ bytes: ArraySlice<UInt8>) -> ContentLength {
    guard !bytes.isEmpty, bytes.allSatisfy(Bytes.isDigit) else { return .malformed }
    var value = 0
    for digit in bytes {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int(digit - 0x30))
      guard !overflow, !carry else { return .tooLarge }
      value = sum
    }
    return .value(value)
  }
}
