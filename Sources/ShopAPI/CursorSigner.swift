import Crypto
import Shop

/// Makes cursors opaque and tamper-proof: base64url of the cursor's bytes and 16 bytes of an HMAC over them and their scope.
///
/// A cursor is good for one listing only: the route, the filter and the sort that it came from. Signed with the newest
/// secret, accepted with any, so that pages go on while secrets rotate.
package struct CursorSigner: Sendable {
  /// What a cursor is bound to; two listings with equal parts share their cursors.
  package struct Scope: Sendable {
    fileprivate let digest: [UInt8]

    /// The route's pattern, then whatever decides which elements come in which order.
    package init(_ route: String, _ parts: [String]) {
      var hash = SHA256()
      for part in [route] + parts {
        // The length keeps ["ab", "c"] and ["a", "bc"] apart.
        hash.update("\(part.utf8.count):")
        hash.update(part)
      }
      digest = hash.finish()
    }
  }

  /// Longer texts than any cursor are not even decoded.
  static let longest = 8_192
  private static let signatureLength = 16

  private let keys: [HMAC]

  package init(_ ring: KeyRing) {
    keys = ring.keys(for: "cursor").map { HMAC(key: $0.bytes) }
  }

  package func sign(_ cursor: Cursor, for scope: Scope) -> String {
    let payload = CursorPayload.encode(cursor)
    let signature = keys.first?.authenticate(scope.digest + payload).prefix(Self.signatureLength) ?? []
    return Base64URL.encode(payload + signature)
  }

  /// Refuses with `invalid_cursor` what this shop did not sign, or signed for another listing.
  package func read(_ text: String, for scope: Scope) throws(Refusal) -> Cursor {
    guard text.utf8.count <= Self.longest, let bytes = Base64URL.decode(text), bytes.count > Self.signatureLength else {
      throw Self.refusal
    }
    let payload = Array(bytes.dropLast(Self.signatureLength))
    let signature = Array(bytes.suffix(Self.signatureLength))
    let message = scope.digest + payload
    guard keys.contains(where: { $0.isValid(signature, for: message) }), let cursor = CursorPayload.decode(payload) else {
      throw Self.refusal
    }
    return cursor
  }

  private static let refusal = Refusal.malformed(
    .invalidCursor, detail: "This cursor is not of this listing. Start again from its first page.")
}
