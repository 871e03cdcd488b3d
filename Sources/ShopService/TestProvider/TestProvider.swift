import HTTP
import HTTPServer
import JSON
import Reactor

/// A payment provider to develop and test with, as a process of its own: the token says what happens.
///
/// `tok_ok` is authorised, `tok_declined` is not; `tok_timeout` is decided later; `tok_requires_action` waits for a visit to its URL;
/// `tok_slow_MS` is authorised after so many milliseconds. The same key always gets the same answer.
package final class TestProvider: Service, Sendable {
  private let ledger: TestProviderLedger
  private let loop: EventLoop

  init(ledger: TestProviderLedger, loop: EventLoop) {
    self.ledger = ledger
    self.loop = loop
  }

  /// Binds to loopback and accepts; port 0 takes a free one.
  package static func start(
    port: UInt16, on loop: EventLoop, decisionTime: Duration = .seconds(2)
  ) async throws -> Server {
    let provider = TestProvider(ledger: TestProviderLedger(decisionTime: decisionTime), loop: loop)
    let server = try Server(host: "127.0.0.1", port: port, loops: [loop], services: [provider], limits: Limits())
    try await server.start()
    return server
  }

  package func respond(to request: Request, received: Instant) async -> Answer {
    let parts = request.path.split(separator: "/").map(String.init)
    let response: Response
    switch (request.method, parts.first, parts.count) {
    case (.post, "authorizations", 1): response = await authorise(request)
    case (.get, "authorizations", 1): response = list(request)
    case (.get, "authorizations", 2): response = ledger.find(parts[1]).map { answer($0, request) } ?? Self.error(404, "not_found")
    case (.post, "authorizations", 3) where parts[2] == "void": response = answer(ledger.void(parts[1]), request, status: 200)
    case (.get, "actions", 2), (.post, "actions", 2):
      response = ledger.complete(parts[1]).map { answer($0, request, status: 200) } ?? Self.error(404, "not_found")
    case (.get, "health", _): response = Response(200, contentType: "application/json", Array(#"{"status":"ok"}"#.utf8))
    default: response = Self.error(404, "not_found")
    }
    return Answer(response, route: -1, requestID: "")
  }

  package func refuse(_ failure: ParseFailure) -> Answer {
    Answer(Self.error(Status(failure.status), failure.code), route: -1, requestID: "")
  }

  package func finished(_ exchange: Exchange) {}

  package func bodyLimit(for head: RequestHead) -> Int { 65_536 }

  private func authorise(_ request: Request) async -> Response {
    guard let key = request.field("idempotency-key"), !key.isEmpty else { return Self.error(400, "missing_idempotency_key") }
    guard let json = try? JSONReader.read(request.body), case .object(let body) = json, case .string(let token)? = body["token"],
      case .integer(let amount)? = body["amount"], case .string(let currency)? = body["currency"]
    else { return Self.error(400, "invalid_request") }
    let authorisation = ledger.authorise(key: key, token: token, amount: amount, currency: currency)
    if token.hasPrefix("tok_slow_"), let milliseconds = Int64(token.dropFirst("tok_slow_".count)), milliseconds > 0 {
      await loop.sleep(for: .milliseconds(min(milliseconds, 600_000)))
    }
    return answer(authorisation, request)
  }

  /// What a merchant reconciles with: a page of all authorisations, oldest first.
  private func list(_ request: Request) -> Response {
    guard let query = Query(request.head.rawQuery), query.items.allSatisfy({ ["after", "limit"].contains($0.name) }),
      let after = Int(query.items.first { $0.name == "after" }?.value ?? "0"), after >= 0,
      let limit = Int(query.items.first { $0.name == "limit" }?.value ?? "100"), (1...1_000).contains(limit)
    else { return Self.error(400, "invalid_request") }
    let (page, next) = ledger.page(after: after, limit: limit)
    var json = JSONWriter()
    json.beginObject()
    json.key("data")
    json.beginArray()
    for authorisation in page { write(authorisation, request, to: &json) }
    json.endArray()
    json.key("next")
    if let next { json.string("\(next)") } else { json.null() }
    json.endObject()
    return Response(200, contentType: "application/json", json.finish())
  }

  private func write(_ authorisation: TestProviderLedger.Authorisation, _ request: Request, to json: inout JSONWriter) {
    json.beginObject()
    json.key("id")
    json.string("auth_" + authorisation.key)
    json.key("status")
    json.string(authorisation.status.rawValue)
    json.key("amount")
    json.integer(authorisation.amount)
    json.key("currency")
    json.string(authorisation.currency)
    if authorisation.status == .requiresAction {
      json.key("next_action_url")
      json.string("http://\(request.field("host") ?? "127.0.0.1")/actions/\(authorisation.key)")
    }
    json.endObject()
  }

  private func answer(_ authorisation: TestProviderLedger.Authorisation, _ request: Request, status: Status? = nil) -> Response {
    var json = JSONWriter()
    write(authorisation, request, to: &json)
    let usual: Status =
      switch authorisation.status {
      case .authorized: 201
      case .declined: 402
      case .processing, .requiresAction: 202
      case .voided: 200
      }
    return Response(status ?? usual, contentType: "application/json", json.finish())
  }

  private static func error(_ status: Status, _ code: String) -> Response {
    var json = JSONWriter()
    json.beginObject()
    json.key("code")
    json.string(code)
    json.endObject()
    return Response(status, contentType: "application/json", json.finish())
  }
}
