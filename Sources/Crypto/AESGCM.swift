import COpenSSL

/// Seals secrets for storage: AES-256 in Galois/counter mode (NIST SP 800-38D), with the keys of one purpose.
///
/// Sealed form: version (1 byte, 1), key id (4), nonce (12, random), ciphertext, tag (16). Random nonces are safe for 2^32
/// seals under a key (section 8.3), far more than responses are stored in the life of a secret.
package struct AESGCM: Sendable {
  /// How much longer the sealed form is.
  package static let overhead = 1 + KeyRing.Key.idLength + nonceLength + tagLength

  static let nonceLength = 12
  static let tagLength = 16
  private static let version: UInt8 = 1

  private let keys: [KeyRing.Key]

  package init(_ ring: KeyRing, purpose: String) {
    keys = ring.keys(for: purpose)
  }

  /// `context` is not stored, but has to be the same when opening: what the secret belongs to, so that it cannot be moved.
  package func seal(_ plaintext: [UInt8], context: [UInt8]) throws(CryptoError) -> [UInt8] {
    guard let key = keys.first else { throw .weakSecret }
    let header = [Self.version] + key.id
    let nonce = SecureRandom.bytes(Self.nonceLength)
    let (ciphertext, tag) = try AESGCMCipher.encrypt(plaintext, key: key.bytes, nonce: nonce, authenticated: header + context)
    return header + nonce + ciphertext + tag
  }

  package func open(_ sealed: [UInt8], context: [UInt8]) throws(CryptoError) -> [UInt8] {
    guard sealed.count >= Self.overhead, sealed[0] == Self.version else { throw .notAuthentic }
    let header = Array(sealed[..<(1 + KeyRing.Key.idLength)])
    guard let key = keys.first(where: { $0.id.elementsEqual(header.dropFirst()) }) else { throw .unknownKey }
    let text = header.count + Self.nonceLength
    let tag = sealed.count - Self.tagLength
    return try AESGCMCipher.decrypt(
      Array(sealed[text..<tag]), tag: Array(sealed[tag...]), key: key.bytes, nonce: Array(sealed[header.count..<text]),
      authenticated: header + context)
  }
}
