import Reactor
import Synchronization
import TestSupport
import Testing

@testable import Postgres

/// PostgreSQL over TLS as `sslmode` asks for it, against a real server with a certificate of a test's authority.
@Suite(.serialized, .enabled(if: PostgresProcess.isPossible, "\(PostgresProcess.need)"))
struct TLSTests {
  private static let names = "DNS:localhost"

  /// What the server says of the session, or why there is none.
  private func session(_ url: String) async throws -> Result<Bool, PostgresError> {
    let loop = try EventLoop(name: "tls")
    try loop.start()
    var options = DatabaseOptions(target: try ConnectionString(url)).patient
    options.connectTimeout = .seconds(10)
    let database = Database(options, loop: loop)
    let statement = Statement("tls", "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    let result = await Task(executorPreference: loop) { () async throws -> Result<Bool, PostgresError> in
      do throws(PostgresError) {
        let viaPoint = try await database.read(statement())
        let viaWork = try await database.query(statement())
        let isEncrypted = try? (viaPoint[0].bool(0), viaWork[0].bool(0))
        #expect(isEncrypted?.0 == isEncrypted?.1)
        return .success(isEncrypted?.0 ?? false)
      } catch { return .failure(error) }
    }.result
    await database.close(deadline: .measured() + .seconds(2))
    loop.stop()
    loop.join()
    return try result.get()
  }

  private func refusal(_ url: String) async throws -> String {
    guard case .failure(let error) = try await session(url) else { return "none" }
    return "\(error)"
  }

  @Test func `a server is reached as its certificate and the mode allow, and not otherwise`() async throws {
    let authority = try TestAuthority()
    let other = try TestAuthority()
    let server = try PostgresProcess(tls: try authority.certificate(for: Self.names))
    func url(_ mode: String, _ trusted: TestAuthority? = nil, host: String = "localhost") -> String {
      server.url("?sslmode=\(mode)" + (trusted.map { "&sslrootcert=\($0.file)" } ?? ""), host: host)
    }
    for (encrypted, url) in [
      (true, url("verify-full", authority)), (true, url("verify-ca", authority)), (true, url("require")), (true, url("prefer")),
      (false, url("disable")),
      // By its address the server has no name that could be wrong, where the name does not matter.
      (true, url("verify-ca", authority, host: "127.0.0.1")),
    ] {
      let isEncrypted = try await session(url).get()
      #expect(isEncrypted == encrypted, "\(url)")
    }
    for (reason, url) in [
      ("certificate verify failed", url("verify-full", other)), ("certificate verify failed", url("verify-ca", other)),
      // libpq verifies under `require`, too, where it is given an authority.
      ("certificate verify failed", url("require", other)),
      ("does not match host name", url("verify-full", authority, host: "127.0.0.1")),
    ] {
      let refused = try await refusal(url)
      #expect(refused.contains(reason), "\(url): \(refused)")
    }
  }

  @Test func `who asks for TLS does not speak in the clear to a server that has none`() async throws {
    let server = try PostgresProcess()
    for mode in ["require", "verify-ca", "verify-full"] {
      let refused = try await refusal(server.url("?sslmode=\(mode)&sslrootcert=\(try TestAuthority().file)"))
      #expect(refused.contains("does not support SSL"), "\(mode): \(refused)")
    }
    let isEncrypted = try await session(server.url("?sslmode=prefer")).get()
    #expect(!isEncrypted)
  }
}
