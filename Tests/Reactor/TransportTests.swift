import Foundation
import Testing

@testable import Reactor

@Suite struct TransportTests {
  /// A certificate of its own for localhost, made by openssl.
  static func certificate() throws -> (certificate: String, key: String) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "shop-tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
      "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
      "-keyout", folder.path + "/key.pem", "-out", folder.path + "/certificate.pem",
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return (folder.path + "/certificate.pem", folder.path + "/key.pem")
  }

  /// Listens, connects to itself, and says hello both ways.
  private func exchange(server: TLSContext?, client: TLSContext?, name: String?) async throws -> String {
    try await withLoop { loop in
      try await Task(executorPreference: loop) {
        let address = try #require(try Resolver.listening(host: "127.0.0.1", port: 0).first)
        let listener = try Socket.listening(on: address)
        let bound = listener.localAddress
        let target = try #require(bound)
        async let connected = Transport.connect(
          to: [target], tls: client, serverName: name, on: loop, deadline: .measured() + .seconds(10))
        var accepted: Transport?
        while accepted == nil {
          if let (number, peer) = try listener.accepted() {
            accepted = try Transport(owning: Socket(owning: number), peer: peer, tls: server)
          }
          await loop.sleep(for: .milliseconds(1))
        }
        let far = try #require(accepted)
        let deadline = Instant.measured() + .seconds(10)
        while case .wants = far.establish(), .measured() < deadline { await loop.sleep(for: .milliseconds(1)) }
        let near = try await connected
        _ = Array("hello".utf8).withUnsafeBytes { near.write($0) }
        var buffer = [UInt8](repeating: 0, count: 64)
        while .measured() < deadline {
          if case .bytes(let count) = buffer.withUnsafeMutableBytes({ far.read(into: $0) }) {
            return String(decoding: buffer[..<count], as: UTF8.self)
          }
          await loop.sleep(for: .milliseconds(1))
        }
        return ""
      }.value
    }
  }

  @Test func `bytes cross a plain connection`() async throws {
    #expect(try await exchange(server: nil, client: nil, name: nil) == "hello")
  }

  @Test(arguments: ["localhost", "127.0.0.1"])
  func `bytes cross a verified TLS connection`(name: String) async throws {
    let (certificate, key) = try Self.certificate()
    let server = try TLSContext.server(certificateFile: certificate, keyFile: key)
    let client = try TLSContext.client(authorityFile: certificate)
    #expect(try await exchange(server: server, client: client, name: name) == "hello")
  }

  @Test func `a certificate for another name is refused`() async throws {
    let (certificate, key) = try Self.certificate()
    let server = try TLSContext.server(certificateFile: certificate, keyFile: key)
    let client = try TLSContext.client(authorityFile: certificate)
    await #expect(throws: ConnectError.self) { try await exchange(server: server, client: client, name: "example.org") }
  }

  @Test func `a refused connection is an error at once`() async throws {
    try await withLoop { loop in
      try await Task(executorPreference: loop) {
        let address = try #require(try Resolver.listening(host: "127.0.0.1", port: 0).first)
        let bound = try Socket.listening(on: address).localAddress
        let free = try #require(bound)
        await #expect(throws: ConnectError.self) {
          try await Transport.connect(to: [free], on: loop, deadline: .measured() + .seconds(10))
        }
      }.value
    }
  }

  @Test func `names are resolved off the loop`() async throws {
    let addresses = try await Resolver.resolve(host: "localhost", port: 80)
    #expect(addresses.contains { $0.host == "127.0.0.1" || $0.host == "::1" })
    #expect(addresses.allSatisfy { $0.port == 80 })
  }
}
