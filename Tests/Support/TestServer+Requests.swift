import Foundation
import Glibc

extension TestServer {
  /// What came back, as it was on the wire.
  package struct Reply: Sendable {
    package let status: Int
    /// Names in lower case.
    package let fields: [String: String]
    package let body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The member at a path of names and indices, as text: `reply["lines", "0", "sku"]`; nil where there is none or it is null.
    package subscript(path: String...) -> String? {
      var value = try? JSONSerialization.jsonObject(with: Data(body), options: [.fragmentsAllowed])
      for name in path {
        if let object = value as? [String: Any] {
          value = object[name]
        } else if let array = value as? [Any], let index = Int(name), array.indices.contains(index) {
          value = array[index]
        } else {
          return nil
        }
      }
      switch value {
      case let text as String: return text
      case let number as NSNumber: return number.stringValue
      case let array as [Any]: return "\(array.count) elements"
      default: return nil
      }
    }
  }

  package func get(_ path: String, _ fields: [String: String] = [:]) async throws -> Reply {
    try await send("GET", path, nil, fields)
  }

  package func post(_ path: String, _ body: String, _ fields: [String: String] = [:]) async throws -> Reply {
    try await send("POST", path, body, fields)
  }

  package func put(_ path: String, _ body: String, _ fields: [String: String] = [:]) async throws -> Reply {
    try await send("PUT", path, body, fields)
  }

  package func patch(_ path: String, _ body: String, _ fields: [String: String] = [:]) async throws -> Reply {
    try await send("PATCH", path, body, fields)
  }

  package func delete(_ path: String, _ fields: [String: String] = [:]) async throws -> Reply {
    try await send("DELETE", path, nil, fields)
  }

  /// One request over a connection of its own, on a thread of its own: sixty-four at once are sixty-four shoppers.
  package func send(_ method: String, _ path: String, _ body: String?, _ fields: [String: String]) async throws -> Reply {
    var head = "\(method) \(path) HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n"
    for (name, value) in fields { head += "\(name): \(value)\r\n" }
    if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
    let request = Array((head + "\r\n" + (body ?? "")).utf8)
    let port = port
    return try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try Self.exchange(request, port: port) }) }
    }
  }

  private static func exchange(_ request: [UInt8], port: UInt16) throws -> Reply {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { throw TestFault("no socket") }
    defer { close(socket) }
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard connected == 0 else { throw TestFault("cannot connect: errno \(errno)") }
    guard Glibc.send(socket, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { throw TestFault("cannot send") }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(socket, &buffer, buffer.count, 0)
      if count == 0 { break }
      guard count > 0 else { throw TestFault("no whole answer: errno \(errno)") }
      bytes.append(contentsOf: buffer[..<count])
    }
    return try reply(bytes)
  }

  private static func reply(_ bytes: [UInt8]) throws -> Reply {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { throw TestFault("no head in the answer") }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    guard let status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") else {
      throw TestFault("no status: \(lines[0])")
    }
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      fields[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    return Reply(status: status, fields: fields, body: Array(bytes[end.upperBound...]))
  }
}
