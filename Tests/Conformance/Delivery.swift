/// How the bytes of a case are handed to the server, which must not matter.
package enum Delivery: String, Sendable, CaseIterable {
  case atOnce = "at once"
  case byteByByte = "byte by byte"
  /// Once for each eighth position, beginning elsewhere in each case, with the cut there.
  case inTwo = "in two"

  /// Cases longer than this are about a bound: a cut at each byte of the filling shows nothing.
  private static let few = 300

  /// The pieces of `bytes` for each time that they are to be sent; `number` is that of the case.
  func cuts(of bytes: [UInt8], number: Int) -> [[ArraySlice<UInt8>]] {
    switch self {
    case .atOnce: return [[bytes[...]]]
    case .byteByByte:
      let size = 1 + bytes.count / Self.few
      return [stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<min($0 + size, bytes.count)] }]
    case .inTwo:
      let last = min(bytes.count, Self.few)
      let places = Set(stride(from: 1 + number % 8, to: last, by: 8)).union([bytes.count - 1])
      return places.filter { $0 > 0 }.sorted().map { [bytes[..<$0], bytes[$0...]] }
    }
  }
}
