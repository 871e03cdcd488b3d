/// HMAC with SHA-256 (RFC 2104) under one key.
///
/// The two padded key blocks are hashed once; an authentication code then costs its message and one block.
package struct HMAC: Sendable {
  private let inner: DigestContext
  private let outer: DigestContext

  package init(key: [UInt8]) {
    var block = key.count > 64 ? SHA256.digest(key) : key
    block.append(contentsOf: repeatElement(0, count: 64 - block.count))
    inner = DigestContext()
    inner.update(block.map { $0 ^ 0x36 })
    outer = DigestContext()
    outer.update(block.map { $0 ^ 0x5C })
  }

  /// The 32 bytes that only holders of the key can make.
  package func authenticate(_ message: [UInt8]) -> [UInt8] {
    let inside = DigestContext(copying: inner)
    inside.update(message)
    let outside = DigestContext(copying: outer)
    outside.update(inside.finish())
    return outside.finish()
  }

  /// Whether a code, or its beginning where it was shortened, belongs to the message; takes as long for every wrong code.
  ///
  /// A code of less than 16 bytes is never valid.
  package func isValid(_ code: [UInt8], for message: [UInt8]) -> Bool {
    guard (16...SHA256.length).contains(code.count) else { return false }
    return constantTimeEqual(Array(authenticate(message).prefix(code.count)), code)
  }
}
