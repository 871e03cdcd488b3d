import Foundation
import JSON

extension Contract {
  /// What was asked and answered.
  package struct Exchange: Sendable {
    let method: String
    let target: String
    /// Names in lower case.
    let fields: [String: String]
    let body: String?
    let reply: TestServer.Reply

    package init(_ method: String, _ target: String, _ fields: [String: String], _ body: String?, _ reply: TestServer.Reply) {
      self.method = method
      self.target = target
      self.fields = Dictionary(fields.map { ($0.key.lowercased(), $0.value) }) { $1 }
      self.body = body
      self.reply = reply
    }
  }

  /// Refuses an answer that the document does not describe, and one that the shop should not have given to a request that the
  /// document does not allow.
  package func check(_ exchange: Exchange) throws(TestFault) {
    let faults = faults(exchange)
    guard !faults.isEmpty else { return }
    throw TestFault(
      """
      \(exchange.method) \(exchange.target) → \(exchange.reply.status) is not as /openapi.json says:
      \(faults.joined(separator: "\n"))
      \(exchange.reply.text)
      """)
  }

  package func faults(_ exchange: Exchange) -> [String] {
    let reply = exchange.reply
    let parts = exchange.target.split(separator: "?", maxSplits: 1)
    guard let operations = operations(of: parts.first ?? "") else { return problemFaults(reply, statuses: [400, 404]) }
    let isHead = exchange.method == "HEAD" && operations["HEAD"] == nil
    guard let operation = operations[isHead ? "GET" : exchange.method] else {
      if exchange.method == "OPTIONS" { return reply.status == 204 && reply.body.isEmpty ? [] : ["OPTIONS answers 204"] }
      return problemFaults(reply, statuses: [405], isHead: exchange.method == "HEAD")
        + (reply.fields["allow"] == nil ? ["a 405 has Allow"] : [])
    }
    guard let response = operation.responses[reply.status] else {
      // Refused before any route is looked at.
      guard [408, 413, 414, 417, 431].contains(reply.status) || reply["code"] == "malformed_request" else {
        return ["no such status"]
      }
      return problemFaults(reply, statuses: [reply.status])
    }
    let faults = headerFaults(reply, response) + (isHead ? [] : contentFaults(reply, response))
    return (200..<300).contains(reply.status)
      ? faults + requestFaults(exchange, operation, query: parts.dropFirst().first) : faults
  }

  // MARK: Which operation

  private func operations(of path: Substring) -> [String: Operation]? {
    let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    let matching = paths.filter { candidate in
      candidate.segments.count == segments.count
        && zip(candidate.segments, segments).allSatisfy { $0.hasPrefix("{") ? !$1.isEmpty : $0 == $1 }
    }
    // `/products/facets` goes before `/products/{id}`.
    return matching.min { $0.segments.count { $0.hasPrefix("{") } < $1.segments.count { $0.hasPrefix("{") } }?.operations
  }

  // MARK: The answer

  private func problemFaults(_ reply: TestServer.Reply, statuses: [Int], isHead: Bool = false) -> [String] {
    guard let problem = components["Problem"] else { return ["the document has no Problem"] }
    let response = Response(headers: [:], content: ["application/problem+json": problem])
    return (statuses.contains(reply.status) ? [] : ["the status should be one of \(statuses)"])
      + (isHead ? [] : contentFaults(reply, response))
  }

  private func contentFaults(_ reply: TestServer.Reply, _ response: Response) -> [String] {
    guard !response.content.isEmpty else { return reply.body.isEmpty ? [] : ["there should be no content"] }
    let type = reply.fields["content-type"]?.split(separator: ";").first.map(String.init) ?? "none"
    guard let schema = response.content[type] else { return ["the content type \(type) is not one of \(response.content.keys)"] }
    guard type.hasSuffix("json") else { return [] }
    do {
      return schema.faults(try JSONReader.read(reply.body), components: components, isClosed: true)
    } catch {
      return ["no JSON: \(error)"]
    }
  }

  private func headerFaults(_ reply: TestServer.Reply, _ response: Response) -> [String] {
    response.headers.flatMap { name, header -> [String] in
      guard let text = reply.fields[name] else { return header.isRequired ? ["the field \(name) is missing"] : [] }
      let value = header.schema.types == ["integer"] ? Int64(text).map { JSONValue.integer($0) } : nil
      return header.schema.faults(value ?? .string(text), components: components, at: name)
    }
  }

  // MARK: The request

  private func requestFaults(_ exchange: Exchange, _ operation: Operation, query: Substring?) -> [String] {
    var faults = operation.requiredHeaders.filter { exchange.fields[$0] == nil }.map { "the request has no \($0)" }
    for item in query?.split(separator: "&") ?? [] {
      let decoded = item.prefix { $0 != "=" }.removingPercentEncoding ?? ""
      let name = decoded.prefix { $0 != "[" }
      if !operation.query.contains(String(name)) { faults.append("the request has the parameter \(name)") }
    }
    guard let schema = operation.body, let body = exchange.body, !body.isEmpty else { return faults }
    do {
      return faults + schema.faults(try JSONReader.read(Array(body.utf8)), components: components, at: "request")
    } catch {
      return faults + ["the request is no JSON: \(error)"]
    }
  }
}
