/// `method SP request-target SP HTTP-version` (RFC 9112, section 3), as offsets into the head.
struct RequestLine {
  let method: Method
  let path: Range<Int>
  let query: Range<Int>?
  /// 0 or 1.
  let minorVersion: Int
  /// `OPTIONS *`.
  let isAsterisk: Bool

  init(_ bytes: UnsafePointer<UInt8>, _ line: Range<Int>) throws(ParseFailure) {
    let method = try Self.token(bytes, line)
    // Exactly two single spaces: white space elsewhere is how requests are smuggled past proxies.
    let version = line.upperBound - 8
    guard version - 1 > method.upperBound, bytes[version - 1] == 0x20 else { throw Self.shape }
    let target = (method.upperBound + 1)..<(version - 1)
    guard !target.isEmpty else { throw Self.shape }
    minorVersion = try Self.minorVersion(bytes + version)
    guard let known = Method(bytes + method.lowerBound, count: method.count) else { throw .methodNotImplemented }
    self.method = known

    if target.count == 1, bytes[target.lowerBound] == UInt8(ascii: "*") {
      guard known == .options else {
        throw .malformed("the target * is for OPTIONS only", section: "RFC 9112, 3.2.4")
      }
      (path, query, isAsterisk) = (target, nil, true)
      return
    }
    var start = target.lowerBound
    if bytes[start] != UInt8(ascii: "/") { start = try Self.endOfAuthority(bytes, target) }
    let end = try Self.end(of: .path, bytes, start..<target.upperBound)
    if end == target.upperBound {
      query = nil
    } else {
      guard bytes[end] == UInt8(ascii: "?") else { throw Self.character }
      guard try Self.end(of: .query, bytes, (end + 1)..<target.upperBound) == target.upperBound else { throw Self.character }
      query = (end + 1)..<target.upperBound
    }
    path = start..<end
    // An absolute URI without path or query asks OPTIONS about the whole server (RFC 9112, 3.2.4).
    isAsterisk = start == target.upperBound && known == .options
  }

  private static let shape = ParseFailure.malformed(
    "the request line is not METHOD SP TARGET SP VERSION", section: "RFC 9112, 3")
  private static let character = ParseFailure.malformed(
    "the target has characters that must be percent-encoded", section: "RFC 9112, 3.2")

  private static let escape = ParseFailure.malformed(
    "the target has a percent sign without two hexadecimal digits", section: "RFC 3986, 2.1")

  /// What a line of more than `limit` bytes is: a method that nobody has, or a target that is too long.
  static func tooLong(_ bytes: UnsafePointer<UInt8>, _ limit: Int) -> ParseFailure {
    (0...limit).allSatisfy { Bytes.isToken(bytes[$0]) } ? .methodNotImplemented : .targetTooLong
  }

  /// Where the run of members of `set` ends, each percent sign of which must begin an escape.
  @inline(__always)
  private static func end(of set: ByteSet, _ bytes: UnsafePointer<UInt8>, _ range: Range<Int>) throws(ParseFailure) -> Int {
    var index = range.lowerBound
    while index < range.upperBound, set.contains(bytes[index]) {
      if bytes[index] == UInt8(ascii: "%") {
        guard index + 2 < range.upperBound, Bytes.hexValue(bytes[index + 1]) != nil, Bytes.hexValue(bytes[index + 2]) != nil
        else { throw escape }
      }
      index += 1
    }
    return index
  }

  private static func token(_ bytes: UnsafePointer<UInt8>, _ line: Range<Int>) throws(ParseFailure) -> Range<Int> {
    var end = line.lowerBound
    while end < line.upperBound, Bytes.isToken(bytes[end]) { end += 1 }
    guard end > line.lowerBound, end < line.upperBound, bytes[end] == 0x20 else { throw shape }
    return line.lowerBound..<end
  }

  private static func minorVersion(_ bytes: UnsafePointer<UInt8>) throws(ParseFailure) -> Int {
    let name: StaticString = "HTTP/"
    for index in 0..<5 where bytes[index] != name.utf8Start[index] { throw shape }
    guard Bytes.isDigit(bytes[5]), bytes[6] == UInt8(ascii: "."), Bytes.isDigit(bytes[7]) else {
      throw .malformed("the version is not HTTP/DIGIT.DIGIT", section: "RFC 9112, 2.3")
    }
    guard bytes[5] == UInt8(ascii: "1") else { throw .versionNotSupported }
    // A higher minor version is answered as the highest that is known (RFC 9110, 2.5).
    return bytes[7] == 0x30 ? 0 : 1
  }

  /// Where the path of an absolute-form begins, which must be accepted (RFC 9112, 3.2.2); its host may not be empty
  /// (RFC 9110, 4.2.1), and user information is refused (RFC 9110, 4.2.4).
  private static func endOfAuthority(_ bytes: UnsafePointer<UInt8>, _ target: Range<Int>) throws(ParseFailure) -> Int {
    let lengths = [7, 8].filter { length in
      length <= target.count
        && Bytes.equal(bytes + target.lowerBound, count: length, ignoringCase: length == 7 ? "http://" : "https://")
    }
    guard let length = lengths.first else {
      throw .malformed("the target is neither a path nor an absolute URI", section: "RFC 9112, 3.2")
    }
    let start = target.lowerBound + length
    var end = start
    while end < target.upperBound, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?") { end += 1 }
    let authority = ArraySlice(UnsafeBufferPointer(start: bytes + start, count: end - start))
    guard Authority.isValid(authority) else {
      throw .malformed("the target's host is no host[:port]", section: "RFC 9112, 3.2.2")
    }
    return end
  }
}
