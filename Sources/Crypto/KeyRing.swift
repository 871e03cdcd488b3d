/// The shop's secrets, newest first: the first signs and seals, all of them verify and open, so that one can replace another.
///
/// No secret is used itself: each purpose has keys of its own, derived by HMAC, so that what is signed for one can never pass
/// for another.
package struct KeyRing: Sendable {
  /// A secret that is shorter could be guessed.
  package static let shortestSecret = 32

  private let secrets: [HMAC]

  package init(secrets: [[UInt8]]) throws(CryptoError) {
    guard !secrets.isEmpty, secrets.allSatisfy({ $0.count >= Self.shortestSecret }) else { throw .weakSecret }
    self.secrets = secrets.map(HMAC.init(key:))
  }

  /// The keys of one purpose, in the order of the secrets.
  package func keys(for purpose: String) -> [Key] {
    secrets.map { secret in
      let bytes = secret.authenticate(Array("shop \(purpose)".utf8))
      let id = secret.authenticate(Array("shop \(purpose) id".utf8)).prefix(Key.idLength)
      return Key(id: Array(id), bytes: bytes)
    }
  }

  /// A derived key with a name that may be told.
  package struct Key: Sendable {
    package static let idLength = 4

    package let id: [UInt8]
    /// 32 bytes.
    package let bytes: [UInt8]
  }
}
