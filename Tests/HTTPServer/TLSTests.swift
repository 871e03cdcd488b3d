import Foundation
import Reactor
import Testing

@testable import HTTPServer

@Suite struct TLSTests {
  /// A certificate of its own for localhost, made by openssl.
  private static func certificate() throws -> (certificate: String, key: String) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "shop-tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
      "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
      "-keyout", folder.path + "/key.pem", "-out", folder.path + "/certificate.pem",
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return (folder.path + "/certificate.pem", folder.path + "/key.pem")
  }

  /// Sends `request` over TLS, and returns everything up to the end.
  private func exchange(_ request: String, port: UInt16, trusting authority: String) async throws -> String {
    let loop = try EventLoop(name: "client")
    try loop.start()
    defer {
      loop.stop()
      loop.join()
    }
    return try await Task(executorPreference: loop) {
      let addresses = try Resolver.listening(host: "127.0.0.1", port: port)
      let transport = try await Transport.connect(
        to: addresses, tls: TLSContext.client(authorityFile: authority), serverName: "localhost", on: loop,
        deadline: .measured() + .seconds(10))
      _ = Array(request.utf8).withUnsafeBytes { transport.write($0) }
      var received: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let deadline = Instant.measured() + .seconds(10)
      while .measured() < deadline {
        switch buffer.withUnsafeMutableBytes({ transport.read(into: $0) }) {
        case .bytes(let count): received.append(contentsOf: buffer[..<count])
        case .wouldBlock: await loop.sleep(for: .milliseconds(1))
        case .closed: return String(decoding: received, as: UTF8.self)
        case .failed(let error): throw error
        }
      }
      return "no end after " + String(decoding: received, as: UTF8.self)
    }.value
  }

  @Test func `requests are answered over TLS, and the stream ends in order`() async throws {
    let files = try Self.certificate()
    let tls = try TLSContext.server(certificateFile: files.certificate, keyFile: files.key)
    try await RunningServer.serve(tls: tls) { running in
      let text = try await exchange(
        """
        GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n\
        GET /big HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n
        """, port: running.port, trusting: files.certificate)
      #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
      #expect(text.contains("\r\n\r\nhelloHTTP/1.1 200 OK\r\n"))
      #expect(text.utf8.count > 4 << 20)
      try await eventually { running.open == 0 }
    }
  }

  @Test func `plain text to a TLS port is no handshake, and silence is not waited for`() async throws {
    let files = try Self.certificate()
    let tls = try TLSContext.server(certificateFile: files.certificate, keyFile: files.key)
    var limits = Limits()
    limits.handshake = .milliseconds(200)
    try await RunningServer.serve(limits, tls: tls) { running in
      let plain = try running.client()
      try plain.send("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n")
      #expect(!plain.restAsText().text.contains("HTTP/1.1 200"))
      #expect(running.server.statistics.handshakeFailures.load(ordering: .relaxed) == 1)
      let silent = try running.client()
      #expect(silent.rest().bytes == [])
      try await eventually { running.open == 0 }
      #expect(running.service.paths == [])
    }
  }
}
