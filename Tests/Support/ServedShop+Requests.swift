import Foundation

extension TestServer: ServedShop {
  /// What came back, as it was on the wire.
  package struct Reply: Sendable {
    package let status: Int
    /// Names in lower case.
    package let fields: [String: String]
    package let body: [UInt8]

    package init(status: Int, fields: [String: String], body: [UInt8]) {
      self.status = status
      self.fields = fields
      self.body = body
    }

    package init(_ response: RawResponse) {
      self.init(
        status: response.status, fields: Dictionary(response.fields.map { ($0.name, $0.value) }) { "\($0), \($1)" },
        body: response.body)
    }

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
}

extension ServedShop {
  package typealias Reply = TestServer.Reply

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
  ///
  /// Throws where the answer is not as the shop's document says.
  package func send(_ method: String, _ path: String, _ body: String?, _ fields: [String: String]) async throws -> Reply {
    var head = "\(method) \(path) HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n"
    for (name, value) in fields { head += "\(name): \(value)\r\n" }
    if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
    let request = head + "\r\n" + (body ?? "")
    let port = port
    let reply = try await onThread {
      let client = try RawClient(port: port, patience: 20)
      try client.send(request)
      return Reply(try client.response(hasContent: method != "HEAD"))
    }
    try contract?.check(Contract.Exchange(method, path, fields, body, reply))
    return reply
  }
}
