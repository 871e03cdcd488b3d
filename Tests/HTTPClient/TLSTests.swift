import HTTP
import HTTPServer
import Reactor
import Synchronization
import TestSupport
import Testing

@testable import HTTPClient

/// Requests over TLS to a real server, whose certificate an authority of the test has signed.
@Suite struct TLSTests {
  /// Runs `body` with a client that verifies by `trusted` and a server that has a certificate for `names`.
  private func ask(
    _ host: String, names: String, signedBy authority: TestAuthority, trusting trusted: TLSContext?,
    _ body: @escaping @Sendable (Client, Origin, Answering) async throws -> Void
  ) async throws {
    let certificate = try authority.certificate(for: names)
    let loops = try (0..<2).map { try EventLoop(name: "tls-\($0)") }
    for loop in loops { try loop.start() }
    defer {
      for loop in loops {
        loop.stop()
        loop.join()
      }
    }
    let service = EchoService()
    let server = try Server(
      host: "127.0.0.1", port: 0, loops: [loops[0]], services: [service], limits: Limits(),
      tls: try .server(certificateFile: certificate.file, keyFile: certificate.keyFile))
    try await server.start()
    let port = try #require(server.addresses.first?.port)
    let client = Client(on: loops[1], tls: trusted)
    let result = await Task(executorPreference: loops[1]) {
      try await body(client, Origin(isSecure: true, host: host, port: port), Answering(server: server, service: service))
    }.result
    await client.close()
    _ = await server.finishDrain(until: .measured())
    try result.get()
  }

  private static func failure(_ client: Client, _ origin: Origin) async -> ClientError? {
    do throws(ClientError) {
      _ = try await client.send(ClientRequest(.post, "/pay"), to: origin, deadline: .measured() + .seconds(10))
      return nil
    } catch { return error }
  }

  @Test(arguments: ["localhost", "127.0.0.1"])
  func `a server whose certificate an authority has signed is asked, over one connection`(host: String) async throws {
    let authority = try TestAuthority()
    try await ask(
      host, names: "DNS:localhost,IP:127.0.0.1", signedBy: authority, trusting: try .client(authorityFile: authority.file)
    ) { client, origin, answering in
      for _ in 0..<3 {
        let response = try await client.send(
          ClientRequest(.post, "/pay", body: [UInt8](repeating: 7, count: 100_000)), to: origin,
          deadline: .measured() + .seconds(10))
        #expect(response.status == 200)
        #expect(response.body.count == 100_000)
      }
      #expect(answering.requests == 3)
      #expect(answering.connections == 1)
    }
  }

  @Test func `a server that another authority vouches for is told nothing`() async throws {
    let other = try TestAuthority()
    for trusted in [try TLSContext.client(authorityFile: other.file), try TLSContext.client(), nil] {
      try await ask("localhost", names: "DNS:localhost", signedBy: try TestAuthority(), trusting: trusted) {
        client, origin, answering in
        let error = await Self.failure(client, origin)
        guard case .connectFailed(let reason) = error else { throw error ?? .tooManyRequests }
        #expect(reason.contains("certificate") || reason.contains("authorities"), "\(reason)")
        #expect(error?.mayHaveTakenEffect == false)
        #expect(answering.requests == 0)
      }
    }
  }

  @Test(arguments: [("localhost", "DNS:pay.example"), ("127.0.0.1", "DNS:localhost")])
  func `a certificate for another name is refused`(host: String, names: String) async throws {
    let authority = try TestAuthority()
    try await ask(host, names: names, signedBy: authority, trusting: try .client(authorityFile: authority.file)) {
      client, origin, answering in
      let error = await Self.failure(client, origin)
      guard case .connectFailed(let reason) = error else { throw error ?? .tooManyRequests }
      #expect(reason.contains("mismatch"), "\(reason)")
      #expect(answering.requests == 0)
    }
  }
}

/// What has come to the server.
private struct Answering: Sendable {
  let server: Server
  let service: EchoService

  var requests: Int { service.requests.load(ordering: .relaxed) }
  var connections: Int { server.statistics.accepted.load(ordering: .relaxed) }
}

/// Sends every body back.
private final class EchoService: Service, Sendable {
  let requests = Atomic<Int>(0)

  func respond(to request: Request, received: Instant) async -> Answer {
    requests.add(1, ordering: .relaxed)
    return Answer(Response(200, contentType: "application/octet-stream", request.body), route: -1, requestID: "")
  }

  func refuse(_ failure: ParseFailure) -> Answer {
    Answer(Response(Status(failure.status), contentType: "text/plain", []), route: -1, requestID: "")
  }

  func finished(_ exchange: Exchange) {}
  func bodyLimit(for head: RequestHead) -> Int { 1 << 20 }
}
