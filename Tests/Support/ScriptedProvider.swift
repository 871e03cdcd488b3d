import HTTP
import HTTPServer
import Reactor
import Synchronization

/// A payment provider that answers what a test says, however wrong that is.
package final class ScriptedProvider: Sendable {
  /// What it is asked; each with the key that it is asked with.
  package enum Call: Sendable, Hashable {
    case authorise(String)
    case void(String, of: String)
    case query(String)

    package var isAuthorisation: Bool { if case .authorise = self { true } else { false } }
    package var isVoid: Bool { if case .void = self { true } else { false } }
    /// The key of the authorisation that it is about.
    package var authorisation: String {
      switch self {
      case .authorise(let key), .query(let key), .void(_, let key): key
      }
    }
  }

  package enum Reply: Sendable {
    case authorised, declined, voided, processing, notFound
    case requiresAction(url: String)
    /// 500, without a word of what was done.
    case failed
    /// No answer, ever.
    case silence
    indirect case after(Gate, Reply)
  }

  /// - Parameter earlier: the calls before this one.
  package typealias Script = @Sendable (_ call: Call, _ earlier: [Call]) -> Reply

  package let port: UInt16
  private let loop: EventLoop
  private let server: Server
  private let service: ScriptedService

  package init(_ script: @escaping Script) async throws {
    loop = try EventLoop(name: "provider")
    try loop.start()
    service = ScriptedService(script, loop: loop)
    server = try Server(host: "127.0.0.1", port: 0, loops: [loop], services: [service], limits: Limits())
    try await server.start()
    guard let port = server.addresses.first?.port else { throw TestFault("the provider has no address") }
    self.port = port
  }

  package var settings: [String: String] { ["SHOP_TEST_PROVIDER_URL": "http://127.0.0.1:\(port)"] }

  /// All that it was asked until now.
  package var calls: [Call] { service.state.withLock { $0.calls } }

  /// The traces that calls came with, in their order.
  package var traceparents: [String] { service.state.withLock { $0.traceparents } }

  /// From now on it answers so.
  package func follow(_ script: @escaping Script) { service.state.withLock { $0.script = script } }

  /// Cuts every connection and answers nobody any more.
  package func stop() async {
    _ = await server.finishDrain(until: .measured())
    loop.stop()
    loop.join()
  }
}

private final class ScriptedService: Service, Sendable {
  struct State {
    var script: ScriptedProvider.Script
    var calls: [ScriptedProvider.Call] = []
    var traceparents: [String] = []
  }
  let state: Mutex<State>
  private let loop: EventLoop

  init(_ script: @escaping ScriptedProvider.Script, loop: EventLoop) {
    state = Mutex(State(script: script))
    self.loop = loop
  }

  func respond(to request: Request, received: Instant) async -> Answer {
    let parts = request.path.split(separator: "/").map(String.init)
    let key = request.field("idempotency-key") ?? ""
    let call: ScriptedProvider.Call? =
      switch (request.method, parts.count) {
      case (.post, 1): .authorise(key)
      case (.get, 2): .query(parts[1])
      case (.post, 3): .void(key, of: parts[1])
      default: nil
      }
    guard let call else { return Self.answer(404, "{}") }
    let reply = state.withLock { state in
      defer { state.calls.append(call) }
      if let header = request.field("traceparent") { state.traceparents.append(header) }
      return state.script(call, state.calls)
    }
    return await answer(reply, call)
  }

  private func answer(_ reply: ScriptedProvider.Reply, _ call: ScriptedProvider.Call) async -> Answer {
    func told(_ status: Status, _ word: String, _ more: String = "") -> Answer {
      Self.answer(status, #"{"id":"auth_\#(call.authorisation)","status":"\#(word)"\#(more)}"#)
    }
    switch reply {
    case .authorised: return told(201, "authorized")
    case .declined: return told(402, "declined")
    case .voided: return told(200, "voided")
    case .processing: return told(202, "processing")
    case .requiresAction(let url): return told(202, "requires_action", #","next_action_url":"\#(url)""#)
    case .notFound: return Self.answer(404, #"{"code":"not_found"}"#)
    case .failed: return Self.answer(500, #"{"code":"internal"}"#)
    case .silence:
      await loop.sleep(for: .seconds(3_600))
      return Self.answer(500, "{}")
    case .after(let gate, let reply):
      await gate.pass()
      return await answer(reply, call)
    }
  }

  private static func answer(_ status: Status, _ body: String) -> Answer {
    Answer(Response(status, contentType: "application/json", Array(body.utf8)), route: -1, requestID: "")
  }

  func refuse(_ failure: ParseFailure) -> Answer { Self.answer(Status(failure.status), "{}") }
  func finished(_ exchange: Exchange) {}
  func bodyLimit(for head: RequestHead) -> Int { 65_536 }
}
