import COpenSSL
import Glibc

/// A fault of TLS: OpenSSL's own words, from its error queue.
package struct TLSError: Error, CustomStringConvertible {
  package let operation: String
  package let reason: String

  package var description: String { "\(operation): \(reason)" }

  /// Takes what the calling thread's error queue holds, oldest first.
  static func last(_ operation: String) -> TLSError {
    var reasons: [String] = []
    while true {
      let code = ERR_get_error()
      guard code != 0 else { break }
      var buffer = [CChar](repeating: 0, count: 256)
      ERR_error_string_n(code, &buffer, buffer.count)
      reasons.append(String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    return TLSError(operation: operation, reason: reasons.isEmpty ? "unknown" : reasons.joined(separator: "; "))
  }
}

/// Certificates, keys and rules that connections share: TLS 1.2 with ECDHE and AEAD suites, or 1.3.
///
/// `@unchecked Sendable`: SSL_CTX counts its references atomically, and is not changed after `init`.
package final class TLSContext: @unchecked Sendable {
  let handle: OpaquePointer
  let isServer: Bool

  private init(_ handle: OpaquePointer, isServer: Bool) {
    self.handle = handle
    self.isServer = isServer
  }

  deinit { SSL_CTX_free(handle) }

  private static func make(server: Bool) throws(TLSError) -> TLSContext {
    guard let handle = SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()) else { throw .last("SSL_CTX_new") }
    let context = TLSContext(handle, isServer: server)
    guard shop_ssl_set_min_version(handle, TLS1_2_VERSION) == 1,
      SSL_CTX_set_cipher_list(handle, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1
    else { throw .last("SSL_CTX_set_cipher_list") }
    _ = shop_ssl_set_modes(handle)
    return context
  }

  /// A server's context from PEM files: the certificate with its chain, and its private key.
  package static func server(certificateFile: String, keyFile: String) throws(TLSError) -> TLSContext {
    let context = try make(server: true)
    _ = shop_ssl_ignore_unexpected_eof(context.handle)
    guard SSL_CTX_use_certificate_chain_file(context.handle, certificateFile) == 1 else {
      throw .last("certificate \(certificateFile)")
    }
    guard SSL_CTX_use_PrivateKey_file(context.handle, keyFile, SSL_FILETYPE_PEM) == 1 else { throw .last("key \(keyFile)") }
    guard SSL_CTX_check_private_key(context.handle) == 1 else { throw .last("key \(keyFile)") }
    let http1:
      @convention(c) (
        OpaquePointer?, UnsafeMutablePointer<UnsafePointer<UInt8>?>?, UnsafeMutablePointer<UInt8>?, UnsafePointer<UInt8>?,
        UInt32, UnsafeMutableRawPointer?
      ) -> Int32 = { _, selected, length, offered, count, _ in
        // ALPN (RFC 7301): http/1.1 is all that is spoken here.
        guard let offered else { return SSL_TLSEXT_ERR_NOACK }
        var index = 0
        while index < Int(count) {
          let size = Int(offered[index])
          guard index + 1 + size <= Int(count) else { return SSL_TLSEXT_ERR_NOACK }
          let name = UnsafeBufferPointer(start: offered + index + 1, count: size)
          if name.elementsEqual("http/1.1".utf8) {
            selected?.pointee = offered + index + 1
            length?.pointee = UInt8(size)
            return SSL_TLSEXT_ERR_OK
          }
          index += 1 + size
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
      }
    SSL_CTX_set_alpn_select_cb(context.handle, http1, nil)
    return context
  }

  /// A client's context that verifies the server against `authorityFile`, or the system's authorities.
  package static func client(authorityFile: String? = nil) throws(TLSError) -> TLSContext {
    let context = try make(server: false)
    let loaded =
      authorityFile.map { SSL_CTX_load_verify_file(context.handle, $0) } ?? SSL_CTX_set_default_verify_paths(context.handle)
    guard loaded == 1 else { throw .last("authorities \(authorityFile ?? "of the system")") }
    SSL_CTX_set_verify(context.handle, SSL_VERIFY_PEER, nil)
    return context
  }
}
