import Testing

@testable import Crypto

struct AESGCMTests {
  private func ring(_ letters: String...) throws -> KeyRing {
    try KeyRing(secrets: letters.map { Array(String(repeating: $0, count: 32).utf8) })
  }

  /// McGrew and Viega's test cases 13, 14 and 16 for AES-256.
  @Test(arguments: [
    (
      "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "", "", "",
      "530f8afbc74536b9a963b4f1c4cb738b"
    ),
    (
      "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "",
      "00000000000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"
    ),
    (
      "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
      "feedfacedeadbeeffeedfacedeadbeefabaddad2",
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
      "76fc6ece0f4e1768cddf8853bb2d551b"
    ),
  ])
  func `the published test cases come out both ways`(
    key: String, nonce: String, authenticated: String, plaintext: String, ciphertext: String, tag: String
  ) throws {
    let key = try #require(Hex.decode(key))
    let nonce = try #require(Hex.decode(nonce))
    let authenticated = try #require(Hex.decode(authenticated))
    let plaintext = try #require(Hex.decode(plaintext))
    let sealed = try AESGCMCipher.encrypt(plaintext, key: key, nonce: nonce, authenticated: authenticated)
    #expect(Hex.encode(sealed.ciphertext) == ciphertext)
    #expect(Hex.encode(sealed.tag) == tag)
    #expect(
      try AESGCMCipher.decrypt(sealed.ciphertext, tag: sealed.tag, key: key, nonce: nonce, authenticated: authenticated)
        == plaintext)
  }

  @Test func `what was sealed opens again, and is different every time`() throws {
    let box = AESGCM(try ring("a"), purpose: "test")
    for length in [0, 1, 15, 16, 17, 1_000] {
      let secret = [UInt8](repeating: 7, count: length)
      let first = try box.seal(secret, context: [1])
      #expect(first.count == length + AESGCM.overhead)
      #expect(try first != box.seal(secret, context: [1]))
      #expect(try box.open(first, context: [1]) == secret)
    }
  }

  @Test func `nothing opens that was changed, cut or moved`() throws {
    let box = AESGCM(try ring("a"), purpose: "test")
    let sealed = try box.seal(Array("ct_secret".utf8), context: Array("cart 1".utf8))
    for index in sealed.indices {
      var changed = sealed
      changed[index] ^= 0x40
      #expect(throws: CryptoError.self) { try box.open(changed, context: Array("cart 1".utf8)) }
      #expect(throws: CryptoError.self) { try box.open(Array(sealed[..<index]), context: Array("cart 1".utf8)) }
    }
    #expect(throws: CryptoError.notAuthentic) { try box.open(sealed, context: Array("cart 2".utf8)) }
    #expect(throws: CryptoError.unknownKey) {
      try AESGCM(try ring("a"), purpose: "other").open(sealed, context: Array("cart 1".utf8))
    }
  }

  @Test func `while secrets rotate, the old one opens and the new one seals`() throws {
    let old = AESGCM(try ring("a"), purpose: "test")
    let both = AESGCM(try ring("b", "a"), purpose: "test")
    let new = AESGCM(try ring("b"), purpose: "test")
    #expect(try both.open(try old.seal([1, 2], context: []), context: []) == [1, 2])
    #expect(try new.open(try both.seal([3], context: []), context: []) == [3])
    #expect(throws: CryptoError.unknownKey) { try old.open(try both.seal([3], context: []), context: []) }
  }

  @Test func `a short secret is refused`() {
    #expect(throws: CryptoError.weakSecret) { try KeyRing(secrets: [[UInt8](repeating: 1, count: 31)]) }
    #expect(throws: CryptoError.weakSecret) { try KeyRing(secrets: []) }
  }
}
