import COpenSSL

/// The one owner of an OpenSSL digest context.
///
/// `@unchecked Sendable`: a context that is shared is never written to again, it is only copied from, which reads.
final class DigestContext: @unchecked Sendable {
  let pointer: OpaquePointer

  /// Fetched once: an implicit fetch at every use costs more than hashing a token. The provider keeps it for ever.
  nonisolated(unsafe) private static let sha256: OpaquePointer? = EVP_MD_fetch(nil, "SHA256", nil)

  /// A fresh SHA-256.
  ///
  /// It traps where OpenSSL has no memory or no SHA-256: nothing that the shop does could be trusted after that.
  init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, Self.sha256, nil) == 1 else {
      preconditionFailure("OpenSSL cannot compute SHA-256")
    }
    pointer = context
  }

  /// The same state, to go on from separately.
  init(copying other: DigestContext) {
    guard let context = EVP_MD_CTX_new(), EVP_MD_CTX_copy_ex(context, other.pointer) == 1 else {
      preconditionFailure("OpenSSL cannot compute SHA-256")
    }
    pointer = context
  }

  deinit {
    EVP_MD_CTX_free(pointer)
  }

  func update(_ bytes: UnsafeRawBufferPointer) {
    precondition(EVP_DigestUpdate(pointer, bytes.baseAddress, bytes.count) == 1, "OpenSSL cannot compute SHA-256")
  }

  func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Ends the computation: the context takes no more bytes.
  func finish() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: SHA256.length) { digest, count in
      precondition(EVP_DigestFinal_ex(pointer, digest.baseAddress, nil) == 1, "OpenSSL cannot compute SHA-256")
      count = SHA256.length
    }
  }
}
