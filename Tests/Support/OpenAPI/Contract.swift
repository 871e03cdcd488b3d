import JSON
import Synchronization

/// What a shop's `/openapi.json` promises, read so that it can be held against what the shop does.
package struct Contract: Sendable {
  struct Operation: Sendable {
    /// By name; `filter[…]` is one.
    let query: Set<String>
    /// Those that must be sent, in lower case.
    let requiredHeaders: [String]
    let body: JSONSchema?
    let responses: [Int: Response]
  }

  struct Response: Sendable {
    let headers: [String: (schema: JSONSchema, isRequired: Bool)]
    /// By media type.
    let content: [String: JSONSchema]
  }

  /// By path, then by method in capitals.
  let paths: [(segments: [Substring], operations: [String: Operation])]
  let components: [String: JSONSchema]

  /// The contract of the shop that listens on this port.
  package static func served(on port: UInt16) async throws -> Contract {
    let text = try await onThread {
      let client = try RawClient(port: port, patience: 20)
      try client.send("GET /openapi.json HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n")
      return try client.response(hasContent: true).body
    }
    return try read.withLock { read in
      if let contract = read[text] { return contract }
      let contract = try Contract(try Node(JSONReader.read(text)))
      read[text] = contract
      return contract
    }
  }

  /// Each text is read once: every test has a shop of its own, and all have the same document.
  private static let read = Mutex<[[UInt8]: Contract]>([:])

  init(_ document: Node) throws {
    components = try document["components"]["schemas"].members.mapValues { try JSONSchema($0.value, at: $0.place) }
    paths = try document["paths"].members.map { path, item in
      (
        path.split(separator: "/"),
        try Dictionary(
          uniqueKeysWithValues: item.members.map { ($0.uppercased(), try Operation($1, in: document)) })
      )
    }
  }
}

extension Contract.Operation {
  init(_ node: Node, in document: Node) throws {
    let parameters = node["parameters"].elements
    query = Set(parameters.filter { $0["in"].text == "query" }.compactMap(\.["name"].text))
    requiredHeaders = parameters.filter { $0["in"].text == "header" && $0["required"].isTrue }
      .compactMap { $0["name"].text?.lowercased() }
    for parameter in parameters { _ = try JSONSchema(parameter["schema"].value, at: parameter.place) }
    let contents = try node["requestBody"]["content"].members.values.map { try JSONSchema($0["schema"].value, at: $0.place) }
    body = contents.first
    responses = try Dictionary(
      uniqueKeysWithValues: node["responses"].members.map { status, response in
        guard let status = Int(status) else { throw TestFault("\(response.place): \(status) is no status") }
        return (status, try Contract.Response(response.resolved(in: document), in: document))
      })
  }
}

extension Contract.Response {
  init(_ node: Node, in document: Node) throws {
    headers = try Dictionary(
      uniqueKeysWithValues: node["headers"].members.map { name, header in
        let header = header.resolved(in: document)
        return (name.lowercased(), (try JSONSchema(header["schema"].value, at: header.place), header["required"].isTrue))
      })
    content = try node["content"].members.mapValues { try JSONSchema($0["schema"].value, at: $0.place) }
  }
}
