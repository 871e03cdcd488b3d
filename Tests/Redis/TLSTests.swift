import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Redis

/// Redis as it is where traffic is encrypted: a certificate of an authority, and a password.
@Suite struct TLSTests {
  private static let password = "s3cret"

  /// A Redis on localhost that only those reach who speak TLS and know the password.
  private func server(_ authority: TestAuthority, names: String = "DNS:localhost") throws -> RedisServer {
    try RedisServer(["--requirepass", Self.password], tls: try authority.certificate(for: names))
  }

  /// Why a connection is refused.
  private func refusal(_ url: String, authorityFile: String? = nil) async throws -> String {
    let reasons = Mutex<[String]>([])
    try await withConnection(
      url, authorityFile: authorityFile,
      // One that waits for the rest of what it takes for a command says nothing at all.
      change: { $0.connectDeadline = .seconds(1) },
      observe: { event in if case .connectFailed(let reason) = event { reasons.withLock { $0.append(reason) } } },
      { redis in
        let error = await redis.failure(["PING"])
        #expect(error == .unavailable)
      })
    return reasons.withLock { $0.first } ?? ""
  }

  @Test(arguments: ["localhost", "127.0.0.1"])
  func `a server whose certificate an authority has signed is entered with a password`(host: String) async throws {
    let authority = try TestAuthority()
    let server = try server(authority, names: "DNS:localhost,IP:127.0.0.1")
    try await withConnection("rediss://:\(Self.password)@\(host):\(server.port)", authorityFile: authority.file) { redis in
      let bytes = [UInt8](repeating: 9, count: 300_000)
      try await redis.set("key", bytes, ttlMilliseconds: 60_000)
      #expect(try await redis.get("key") == bytes)
      #expect(redis.statistics.connects.value == 1)
    }
  }

  @Test func `an authority that did not sign the certificate lets nobody in, and the password is not told`() async throws {
    let server = try server(try TestAuthority())
    let url = "rediss://:\(Self.password)@localhost:\(server.port)"
    let other = try TestAuthority()
    // The system's authorities do not know it either.
    for authorityFile in [other.file, nil] {
      let reason = try await refusal(url, authorityFile: authorityFile)
      #expect(reason.contains("certificate"), "\(reason)")
    }
  }

  @Test func `a certificate for another name is refused`() async throws {
    let authority = try TestAuthority()
    let server = try server(authority, names: "DNS:redis.example")
    let reason = try await refusal("rediss://:\(Self.password)@localhost:\(server.port)", authorityFile: authority.file)
    #expect(reason.contains("hostname mismatch"), "\(reason)")
  }

  @Test func `a wrong password is refused over TLS as well`() async throws {
    let authority = try TestAuthority()
    let server = try server(authority)
    let wrong = try await refusal("rediss://:guess@localhost:\(server.port)", authorityFile: authority.file)
    #expect(wrong.hasPrefix("WRONGPASS"), "\(wrong)")
    let none = try await refusal("rediss://localhost:\(server.port)", authorityFile: authority.file)
    #expect(none.hasPrefix("NOAUTH"), "\(none)")
  }

  @Test func `plain text to a Redis that speaks TLS fails, and so does TLS to one that does not`() async throws {
    let authority = try TestAuthority()
    let secure = try server(authority)
    #expect(try await refusal("redis://:\(Self.password)@localhost:\(secure.port)") != "")
    let plain = try RedisServer()
    #expect(try await refusal("rediss://localhost:\(plain.port)", authorityFile: authority.file) != "")
  }
}
