/// The list of transfer codings of a message, over all its Transfer-Encoding fields (RFC 9112, section 6.1).
enum TransferCodings: Equatable {
  case chunked
  /// Codings that are not implemented, and chunked as the last.
  case unknownThenChunked
  /// Chunked is not there.
  case other
  /// An empty list or element, no token, or chunked before the end.
  case malformed

  init(_ section: FieldSection) {
    let elements = section.all("transfer-encoding").flatMap { value in
      value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { $0.trimmingWhiteSpace() }
    }
    guard !elements.isEmpty, elements.allSatisfy({ !$0.isEmpty && $0.allSatisfy(Bytes.isToken) }) else {
      self = .malformed
      return
    }
    let chunked = elements.indices.filter { Bytes.equalIgnoringCase(elements[$0], "chunked".utf8) }
    switch chunked {
    case []: self = .other
    case [elements.count - 1]: self = elements.count == 1 ? .chunked : .unknownThenChunked
    default: self = .malformed
    }
  }
}
