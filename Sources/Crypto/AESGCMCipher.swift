import COpenSSL

/// One encryption or decryption; the owner of an OpenSSL cipher context.
struct AESGCMCipher: ~Copyable {
  private let context: OpaquePointer

  private init() throws(CryptoError) {
    guard let context = EVP_CIPHER_CTX_new() else { throw Self.failure("EVP_CIPHER_CTX_new") }
    self.context = context
  }

  deinit {
    EVP_CIPHER_CTX_free(context)
  }

  /// The key has 32 bytes, the nonce 12.
  static func encrypt(
    _ plaintext: [UInt8], key: [UInt8], nonce: [UInt8], authenticated: [UInt8]
  ) throws(CryptoError) -> (ciphertext: [UInt8], tag: [UInt8]) {
    let cipher = try AESGCMCipher()
    try check(EVP_EncryptInit_ex(cipher.context, EVP_aes_256_gcm(), nil, key, nonce), "EVP_EncryptInit_ex")
    var length: Int32 = 0
    if !authenticated.isEmpty {
      try check(EVP_EncryptUpdate(cipher.context, nil, &length, authenticated, Int32(authenticated.count)), "EVP_EncryptUpdate")
    }
    var ciphertext = [UInt8](repeating: 0, count: plaintext.count)
    if !plaintext.isEmpty {
      try check(EVP_EncryptUpdate(cipher.context, &ciphertext, &length, plaintext, Int32(plaintext.count)), "EVP_EncryptUpdate")
    }
    // GCM is a stream cipher: nothing is left for the end, which only needs a place to write to.
    var rest = [UInt8](repeating: 0, count: AESGCM.tagLength)
    try check(EVP_EncryptFinal_ex(cipher.context, &rest, &length), "EVP_EncryptFinal_ex")
    var tag = [UInt8](repeating: 0, count: AESGCM.tagLength)
    try check(EVP_CIPHER_CTX_ctrl(cipher.context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag), "EVP_CTRL_AEAD_GET_TAG")
    return (ciphertext, tag)
  }

  static func decrypt(
    _ ciphertext: [UInt8], tag: [UInt8], key: [UInt8], nonce: [UInt8], authenticated: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    let cipher = try AESGCMCipher()
    try check(EVP_DecryptInit_ex(cipher.context, EVP_aes_256_gcm(), nil, key, nonce), "EVP_DecryptInit_ex")
    var length: Int32 = 0
    if !authenticated.isEmpty {
      try check(EVP_DecryptUpdate(cipher.context, nil, &length, authenticated, Int32(authenticated.count)), "EVP_DecryptUpdate")
    }
    var plaintext = [UInt8](repeating: 0, count: ciphertext.count)
    if !ciphertext.isEmpty {
      try check(EVP_DecryptUpdate(cipher.context, &plaintext, &length, ciphertext, Int32(ciphertext.count)), "EVP_DecryptUpdate")
    }
    var expected = tag
    try check(
      EVP_CIPHER_CTX_ctrl(cipher.context, EVP_CTRL_AEAD_SET_TAG, Int32(expected.count), &expected), "EVP_CTRL_AEAD_SET_TAG")
    var rest = [UInt8](repeating: 0, count: AESGCM.tagLength)
    guard EVP_DecryptFinal_ex(cipher.context, &rest, &length) == 1 else { throw .notAuthentic }
    return plaintext
  }

  private static func check(_ result: Int32, _ operation: String) throws(CryptoError) {
    guard result == 1 else { throw failure(operation) }
  }

  private static func failure(_ operation: String) -> CryptoError {
    .library(operation: operation, code: UInt(ERR_get_error()))
  }
}
