import Foundation
import HTTP
import HTTPServer
import Reactor
import Synchronization

/// What a shop sends its traces to: takes OTLP over HTTP in JSON, and keeps the spans as they came.
package final class TestCollector: Sendable {
  package struct Span: Sendable {
    package let service: String
    package let name: String
    package let kind: Int
    package let trace: String
    package let id: String
    package let parent: String?
    package let start: UInt64
    package let end: UInt64
    /// As text, whatever they are.
    package let attributes: [String: String]
    package let isError: Bool
  }

  package enum Manner: Sendable {
    case takes
    /// Never answers.
    case hangs
    /// Answers this status, and this body.
    case refuses(Status, String)
  }

  package let port: UInt16
  private let loop: EventLoop
  private let server: Server
  private let service: CollectorService

  package init(_ manner: Manner = .takes) async throws {
    loop = try EventLoop(name: "collector")
    try loop.start()
    service = CollectorService(manner, loop: loop)
    server = try Server(host: "127.0.0.1", port: 0, loops: [loop], services: [service], limits: Limits())
    try await server.start()
    guard let port = server.addresses.first?.port else { throw TestFault("the collector has no address") }
    self.port = port
  }

  /// - Parameter ratio: of the traces that begin in the shop.
  package func settings(ratio: String = "1") -> [String: String] {
    ["SHOP_OTLP_ENDPOINT": "http://127.0.0.1:\(port)", "SHOP_TRACE_SAMPLE": ratio]
  }

  /// All that it has taken.
  package var spans: [Span] { service.state.withLock { $0.spans } }
  /// Requests that it has seen, answered or not.
  package var requests: Int { service.state.withLock { $0.requests } }
  /// What was no request for export by the specification.
  package var faults: [String] { service.state.withLock { $0.faults } }

  /// From now on it behaves so.
  package func become(_ manner: Manner) { service.state.withLock { $0.manner = manner } }

  package func spans(of trace: String) -> [Span] { spans.filter { $0.trace == trace } }

  /// Waits until it has a span that is as `matches` says.
  package func span(_ what: String, _ matches: (Span) -> Bool) async throws -> Span {
    var found: Span?
    try await until("the collector has \(what)") {
      found = spans.first(where: matches)
      return found != nil
    }
    guard let found else { throw TestFault("no \(what)") }
    return found
  }

  package func stop() async {
    _ = await server.finishDrain(until: .measured())
    loop.stop()
    loop.join()
  }

  /// Runs `body` beside a collector, which stops afterwards, whatever happens.
  package static func with<Value>(_ manner: Manner = .takes, _ body: (TestCollector) async throws -> Value) async throws -> Value
  {
    let collector = try await TestCollector(manner)
    let result: Result<Value, any Error>
    do { result = .success(try await body(collector)) } catch { result = .failure(error) }
    await collector.stop()
    return try result.get()
  }
}

private final class CollectorService: Service, Sendable {
  struct State {
    var manner: TestCollector.Manner
    var spans: [TestCollector.Span] = []
    var requests = 0
    var faults: [String] = []
  }
  let state: Mutex<State>
  private let loop: EventLoop

  init(_ manner: TestCollector.Manner, loop: EventLoop) {
    state = Mutex(State(manner: manner))
    self.loop = loop
  }

  func respond(to request: Request, received: Instant) async -> Answer {
    let manner = state.withLock { state in
      state.requests += 1
      return state.manner
    }
    switch manner {
    case .takes:
      state.withLock { state in
        do throws(TestFault) {
          state.spans += try Self.spans(of: request)
        } catch {
          state.faults.append(error.description)
        }
      }
      return Self.answer(200, "{}")
    case .hangs:
      await loop.sleep(for: .seconds(3_600))
      return Self.answer(200, "{}")
    case .refuses(let status, let body): return Self.answer(status, body)
    }
  }

  private static func answer(_ status: Status, _ body: String) -> Answer {
    Answer(Response(status, contentType: "application/json", Array(body.utf8)), route: -1, requestID: "")
  }

  func refuse(_ failure: ParseFailure) -> Answer { Self.answer(Status(failure.status), "{}") }
  func finished(_ exchange: Exchange) {}
  func bodyLimit(for head: RequestHead) -> Int { 4 << 20 }

  // MARK: What came

  private static func spans(of request: Request) throws(TestFault) -> [TestCollector.Span] {
    guard request.method == .post, request.path == "/v1/traces", request.field("content-type") == "application/json" else {
      throw TestFault("\(request.method.name) \(request.path)")
    }
    guard let document = try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any],
      let resources = document["resourceSpans"] as? [[String: Any]]
    else { throw TestFault("no export request: \(String(decoding: request.body, as: UTF8.self))") }
    var spans: [TestCollector.Span] = []
    for resource in resources {
      let from = attributes(resource["resource"] as? [String: Any])
      for scope in resource["scopeSpans"] as? [[String: Any]] ?? [] {
        for span in scope["spans"] as? [[String: Any]] ?? [] { spans.append(try read(span, from: from["service.name"] ?? "")) }
      }
    }
    return spans
  }

  private static func read(_ span: [String: Any], from service: String) throws(TestFault) -> TestCollector.Span {
    guard let trace = span["traceId"] as? String, trace.wholeMatch(of: /[0-9a-f]{32}/) != nil, let id = span["spanId"] as? String,
      id.wholeMatch(of: /[0-9a-f]{16}/) != nil, let name = span["name"] as? String, let kind = span["kind"] as? Int,
      let start = (span["startTimeUnixNano"] as? String).flatMap(UInt64.init),
      let end = (span["endTimeUnixNano"] as? String).flatMap(UInt64.init)
    else { throw TestFault("no span: \(span)") }
    return TestCollector.Span(
      service: service, name: name, kind: kind, trace: trace, id: id, parent: span["parentSpanId"] as? String, start: start,
      end: end, attributes: attributes(span), isError: (span["status"] as? [String: Any])?["code"] as? Int == 2)
  }

  private static func attributes(_ holder: [String: Any]?) -> [String: String] {
    var found: [String: String] = [:]
    for attribute in holder?["attributes"] as? [[String: Any]] ?? [] {
      guard let key = attribute["key"] as? String, let value = (attribute["value"] as? [String: Any])?.first else { continue }
      found[key] = "\(value.value)"
    }
    return found
  }
}
