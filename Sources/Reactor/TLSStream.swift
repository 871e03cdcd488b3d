import COpenSSL
import Glibc

/// One TLS connection over a non-blocking socket; OpenSSL reads and writes the descriptor itself.
struct TLSStream: ~Copyable {
  private let ssl: OpaquePointer

  private init(owning ssl: OpaquePointer) { self.ssl = ssl }

  /// `serverName`: whom a client asks for by SNI, and whose name or address the certificate must bear.
  static func make(_ context: TLSContext, descriptor: Int32, serverName: String?) throws(TLSError) -> TLSStream {
    guard let ssl = SSL_new(context.handle) else { throw .last("SSL_new") }
    let stream = TLSStream(owning: ssl)
    guard SSL_set_fd(ssl, descriptor) == 1 else { throw .last("SSL_set_fd") }
    if context.isServer {
      SSL_set_accept_state(ssl)
    } else {
      SSL_set_connect_state(ssl)
      if let serverName, X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), serverName) != 1 {
        ERR_clear_error()
        guard SSL_set1_host(ssl, serverName) == 1, shop_ssl_set_server_name(ssl, serverName) == 1 else {
          throw .last("server name \(serverName)")
        }
      }
    }
    return stream
  }

  deinit { SSL_free(ssl) }

  enum Handshake {
    case done
    case wants(Interest)
    case failed(TLSError)
  }

  func handshake() -> Handshake {
    ERR_clear_error()
    let code = SSL_do_handshake(ssl)
    if code == 1 { return .done }
    switch SSL_get_error(ssl, code) {
    case SSL_ERROR_WANT_READ: return .wants(.read)
    case SSL_ERROR_WANT_WRITE: return .wants(.write)
    default:
      let verification = SSL_get_verify_result(ssl)
      if verification != 0, let text = X509_verify_cert_error_string(verification) {
        ERR_clear_error()
        return .failed(TLSError(operation: "TLS handshake", reason: String(cString: text)))
      }
      return .failed(.last("TLS handshake"))
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> IOResult {
    ERR_clear_error()
    var count = 0
    let code = SSL_read_ex(ssl, buffer.baseAddress, buffer.count, &count)
    return code == 1 ? .bytes(count) : result(code, "SSL_read")
  }

  func write(_ buffer: UnsafeRawBufferPointer) -> IOResult {
    ERR_clear_error()
    var count = 0
    let code = SSL_write_ex(ssl, buffer.baseAddress, buffer.count, &count)
    return code == 1 ? .bytes(count) : result(code, "SSL_write")
  }

  /// Tells the peer that no more will be written (close_notify); best effort.
  func shutdownWrite() {
    ERR_clear_error()
    _ = SSL_shutdown(ssl)
  }

  private func result(_ code: Int32, _ operation: String) -> IOResult {
    switch SSL_get_error(ssl, code) {
    // Renegotiation does not exist in 1.3 and is refused in 1.2: a want is always in the call's own direction,
    // but for key updates, which the level of a further call settles.
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .wouldBlock
    case SSL_ERROR_ZERO_RETURN: return .closed
    case SSL_ERROR_SYSCALL: return .failed(.last(operation))
    default:
      ERR_clear_error()
      return .failed(SystemError(operation, code: EPROTO))
    }
  }
}
