/// The name that a client gives a request so that it can send it again (draft-ietf-httpapi-idempotency-key-header).
package struct IdempotencyKey: Hashable, Sendable {
  package let text: String

  package static let longest = 255
  /// 22 characters hold 128 bits in base64url: nobody guesses the key of another anonymous shopper.
  package static let shortestAnonymous = 22

  /// Reads the field's value, bare or as a quoted structured-field string (RFC 9651 section 3.3.3): 1 to 255 visible ASCII
  /// characters either way. `abc` and `"abc"` are the same key.
  package init?(field: some StringProtocol) {
    var bytes = Array(field.utf8)
    if bytes.first == UInt8(ascii: "\"") {
      guard let inner = Self.unquoted(bytes) else { return nil }
      bytes = inner
    }
    guard (1...Self.longest).contains(bytes.count), bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    text = String(decoding: bytes, as: UTF8.self)
  }

  /// The key that a field's value names; refuses with `invalid_` or `weak_idempotency_key`.
  package static func checked(field: String, isAnonymous: Bool) throws(Refusal) -> IdempotencyKey {
    guard let key = IdempotencyKey(field: field) else {
      throw .malformed(.invalidIdempotencyKey, detail: "An Idempotency-Key is 1 to \(longest) visible ASCII characters.")
    }
    guard !isAnonymous || key.text.utf8.count >= shortestAnonymous else {
      throw .malformed(
        .weakIdempotencyKey,
        detail: "Without a credential the key must be unguessable: at least \(shortestAnonymous) random characters.")
    }
    return key
  }

  private static func unquoted(_ bytes: [UInt8]) -> [UInt8]? {
    guard bytes.count >= 2, bytes.last == UInt8(ascii: "\"") else { return nil }
    var inner: [UInt8] = []
    var isEscaped = false
    for byte in bytes[1..<(bytes.count - 1)] {
      switch byte {
      case UInt8(ascii: "\\") where !isEscaped:
        isEscaped = true
        continue
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        guard isEscaped else { return nil }
      default:
        guard !isEscaped else { return nil }
      }
      isEscaped = false
      inner.append(byte)
    }
    return isEscaped ? nil : inner
  }
}
