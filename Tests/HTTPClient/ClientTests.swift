import Foundation
import HTTP
import Reactor
import Synchronization
import Testing

@testable import HTTPClient

@Suite struct ClientTests {
  static let hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Seen: yes\r\n\r\nhello"

  /// Runs `body` with a client on a loop of its own and the origin of `server`.
  private func withClient<Value: Sendable>(
    _ server: ByteServer, limits: Client.Limits = Client.Limits(),
    _ body: @escaping @Sendable (Client, Origin) async throws -> Value
  ) async throws -> Value {
    let loop = try EventLoop(name: "client-test")
    try loop.start()
    defer {
      loop.stop()
      loop.join()
    }
    let client = Client(on: loop, limits: limits)
    let origin = Origin(isSecure: false, host: "127.0.0.1", port: server.port)
    return try await Task(executorPreference: loop) {
      let result: Result<Value, any Error>
      do { result = .success(try await body(client, origin)) } catch { result = .failure(error) }
      await client.close()
      return try result.get()
    }.value
  }

  private var soon: Instant { .measured() + .seconds(10) }

  private func failure(
    _ client: Client, _ request: ClientRequest, _ origin: Origin, within: Duration = .seconds(10)
  ) async
    -> ClientError?
  {
    do throws(ClientError) {
      _ = try await client.send(request, to: origin, deadline: .measured() + within)
      return nil
    } catch { return error }
  }

  @Test func `a request has its exact bytes and a response its status, fields and body`() async throws {
    let server = try ByteServer { _, _ in .bytes(Self.hello) }
    try await withClient(server) { client, origin in
      var headers = HeaderFields()
      headers.append("Idempotency-Key", "pay-1\r\nX-Evil: 1")
      let request = ClientRequest(.post, "/v1/pay?x=1", headers: headers, contentType: "application/json", body: Array("{}".utf8))
      let response = try await client.send(request, to: origin, deadline: self.soon)
      #expect(response.status == 200)
      #expect(response.field("x-seen") == "yes")
      #expect(response.body == Array("hello".utf8))
    }
    #expect(
      server.requests == [
        "POST /v1/pay?x=1 HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nContent-Type: application/json\r\nContent-Length: 2\r\nIdempotency-Key: pay-1  X-Evil: 1\r\n\r\n{}"
      ])
  }

  @Test func `a connection is kept for the next request`() async throws {
    let server = try ByteServer { _, _ in .bytes(Self.hello) }
    try await withClient(server) { client, origin in
      for _ in 0..<5 {
        let response = try await client.send(ClientRequest(.get, "/"), to: origin, deadline: self.soon)
        #expect(response.status == 200)
      }
    }
    #expect(server.connections == 1)
  }

  @Test func `a response that ends its connection is whole, and the next request takes another`() async throws {
    let server = try ByteServer { connection, _ in .last(connection == 0 ? "HTTP/1.1 200 OK\r\n\r\nto the end" : Self.hello) }
    try await withClient(server) { client, origin in
      let first = try await client.send(ClientRequest(.get, "/"), to: origin, deadline: self.soon)
      #expect(first.body == Array("to the end".utf8))
      let second = try await client.send(ClientRequest(.get, "/"), to: origin, deadline: self.soon)
      #expect(second.status == 200)
    }
    #expect(server.connections == 2)
  }

  @Test func `requests at once each get their own response`() async throws {
    let server = try ByteServer { connection, _ in .bytes("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(connection % 10)") }
    try await withClient(server) { client, origin in
      let deadline = self.soon
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<20 {
          group.addTask(executorPreference: client.loop) {
            try await client.send(ClientRequest(.get, "/"), to: origin, deadline: deadline).status
          }
        }
        return try await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(statuses == [Int](repeating: 200, count: 20))
    }
  }

  @Test func `an idempotent request is sent again when the idle connection had just been closed`() async throws {
    let server = try ByteServer { connection, request in connection == 0 && request == 1 ? .close : .bytes(Self.hello) }
    try await withClient(server) { client, origin in
      for _ in 0..<2 {
        let response = try await client.send(ClientRequest(.get, "/"), to: origin, deadline: self.soon)
        #expect(response.status == 200)
      }
    }
    #expect(server.connections == 2)
    #expect(server.requests.count == 3)
  }

  @Test func `a request that may have taken effect is never sent twice`() async throws {
    let server = try ByteServer { _, request in request == 1 ? .close : .bytes(Self.hello) }
    try await withClient(server) { client, origin in
      _ = try await client.send(ClientRequest(.get, "/"), to: origin, deadline: self.soon)
      let error = await self.failure(client, ClientRequest(.post, "/pay"), origin)
      #expect(error?.mayHaveTakenEffect == true)
    }
    #expect(server.requests.count == 2)
  }

  @Test func `a fresh connection that ends without an answer is an error, not a retry`() async throws {
    let server = try ByteServer { _, _ in .close }
    try await withClient(server) { client, origin in
      let error = await self.failure(client, ClientRequest(.get, "/"), origin)
      guard case .connectionLost(sent: true, _) = error else { throw error ?? .tooManyRequests }
    }
    #expect(server.requests.count == 1)
  }

  @Test func `silence ends at the deadline, and says that the request was sent`() async throws {
    let server = try ByteServer { _, _ in .nothing }
    try await withClient(server) { client, origin in
      let error = await self.failure(client, ClientRequest(.post, "/pay"), origin, within: .milliseconds(100))
      #expect(error == .timedOut(sent: true))
    }
  }

  @Test func `nobody there is known not to have been asked`() async throws {
    let server = try ByteServer { _, _ in .nothing }
    try await withClient(server) { client, _ in
      let error = await self.failure(client, ClientRequest(.post, "/pay"), Origin(isSecure: false, host: "127.0.0.1", port: 1))
      #expect(error?.mayHaveTakenEffect == false)
      guard case .connectFailed = error else { throw error ?? .tooManyRequests }
    }
  }

  @Test(arguments: ["garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n"])
  func `what is no response is refused`(bytes: String) async throws {
    let server = try ByteServer { _, _ in .bytes(bytes) }
    try await withClient(server) { client, origin in
      let error = await self.failure(client, ClientRequest(.get, "/"), origin)
      guard case .invalidResponse = error else { throw error ?? .tooManyRequests }
    }
  }

  @Test func `a response beyond the bound is refused`() async throws {
    let server = try ByteServer { _, _ in .bytes("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n") }
    var limits = Client.Limits()
    limits.bodyBytes = 1_000
    try await withClient(server, limits: limits) { client, origin in
      let error = await self.failure(client, ClientRequest(.get, "/"), origin)
      #expect(error == .responseTooLarge)
    }
  }

  @Test func `bytes beyond a response are never taken for the next one`() async throws {
    let server = try ByteServer { connection, _ in .bytes(connection == 0 ? Self.hello + Self.hello : Self.hello) }
    try await withClient(server) { client, origin in
      for _ in 0..<2 {
        let response = try await client.send(ClientRequest(.get, "/"), to: origin, deadline: self.soon)
        #expect(response.status == 200)
      }
    }
    #expect(server.connections == 2)
  }

  @Test(arguments: ["", "pay", "/a b", "/a\r\nX: y", "/a#b", "/ä"])
  func `a path that would break the request line is never sent`(path: String) async throws {
    let server = try ByteServer { _, _ in .bytes(Self.hello) }
    try await withClient(server) { client, origin in
      let error = await self.failure(client, ClientRequest(.get, path), origin)
      guard case .invalidRequest = error else { throw error ?? .tooManyRequests }
    }
    #expect(server.connections == 0)
  }

  @Test func `past the bound of requests under way the next is refused at once`() async throws {
    let server = try ByteServer { _, _ in .nothing }
    var limits = Client.Limits()
    limits.requests = 2
    try await withClient(server, limits: limits) { client, origin in
      let errors = await withTaskGroup(of: ClientError?.self) { group in
        for _ in 0..<3 {
          group.addTask(executorPreference: client.loop) {
            await self.failure(client, ClientRequest(.get, "/"), origin, within: .milliseconds(200))
          }
        }
        return await group.reduce(into: [ClientError?]()) { $0.append($1) }
      }
      #expect(errors.filter { $0 == .tooManyRequests }.count == 1)
    }
  }
}
