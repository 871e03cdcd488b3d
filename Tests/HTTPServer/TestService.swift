import HTTP
import Reactor
import Synchronization

@testable import HTTPServer

/// A few routes that show how the server carries requests, and a record of what it did.
final class TestService: Service, Sendable {
  struct Finished: Sendable, Equatable {
    let path: String?
    let status: Int
    let bytesIn: Int
    let bytesOut: Int
  }

  private struct Gate {
    var isOpen = false
    var waiting: [UnsafeContinuation<Void, Never>] = []
  }

  private let gate = Mutex(Gate())
  private let executed = Mutex<[String]>([])
  private let exchanges = Mutex<[Finished]>([])
  private let router: Router<Void> = {
    var router = Router<Void>()
    router.add(.get, "/files/{name}", ())
    return router
  }()
  /// Pieces that `/stream` has handed to the server.
  let pieces = Atomic<Int>(0)

  /// Paths in the order in which their requests were answered.
  var paths: [String] { executed.withLock { $0 } }
  var finished: [Finished] { exchanges.withLock { $0 } }
  var waitingAtGate: Int { gate.withLock { $0.waiting.count } }

  /// Lets the requests for `/gate` go on.
  func openGate() {
    let waiting = gate.withLock { gate in
      gate.isOpen = true
      defer { gate.waiting = [] }
      return gate.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  private func pass() async {
    await withUnsafeContinuation { continuation in
      let isOpen = gate.withLock { gate in
        if !gate.isOpen { gate.waiting.append(continuation) }
        return gate.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  func respond(to request: Request, received: Instant) async -> Answer {
    executed.withLock { $0.append(request.path) }
    var response = await response(to: request)
    response.fields.append("Method", request.method.name)
    response.fields.append("Target", target(of: request))
    return Answer(response, route: 0, requestID: "r")
  }

  private func response(to request: Request) async -> Response {
    if request.method == .options {
      var fields = HeaderFields()
      fields.append("Allow", request.head.isAsteriskForm ? "*" : "GET, HEAD, OPTIONS")
      return Response(204, fields: fields)
    }
    switch request.path {
    case "/hello": return text("hello")
    case "/echo": return Response(200, contentType: "application/octet-stream", request.body)
    case "/peer": return text(request.peer)
    case "/big": return Response(200, contentType: "text/plain", [UInt8](repeating: 0x62, count: 4 << 20))
    case "/medium": return Response(200, contentType: "text/plain", [UInt8](repeating: 0x6D, count: 20 << 10))
    case "/stream":
      return Response(
        200,
        body: .stream { [self] write in
          for _ in 0..<64 {
            pieces.add(1, ordering: .relaxed)
            guard await write([UInt8](repeating: 0x73, count: 256 << 10)) else { return }
          }
        })
    case "/words":
      return Response(
        200, body: .stream { write in for word in ["one", "", "two"] where await !write(Array(word.utf8)) { return } })
    case "/gated-words":
      return Response(
        200,
        body: .stream { [self] write in
          guard await write(Array("one".utf8)) else { return }
          await pass()
          _ = await write(Array("two".utf8))
        })
    case "/gate":
      await pass()
      return text("through")
    case "/pieces":
      return Response(
        200, body: .stream { write in for piece in ["/pie", "", "ces"] where await !write(Array(piece.utf8)) { return } })
    default: break
    }
    switch router.match(.get, path: request.head.rawPath) {
    case .found(_, let parameters):
      var response = text(target(of: request))
      response.fields.append("Name", parameters[0])
      return response
    case .notFound where request.path.hasPrefix("/files"): return Response(404)
    case .notFound, .wrongMethod:
      return request.body.isEmpty ? text(target(of: request)) : Response(200, body: .bytes(request.body))
    }
  }

  /// As it was understood: path and query.
  private func target(of request: Request) -> String {
    request.path + (request.head.rawQuery.map { "?" + String(decoding: $0, as: UTF8.self) } ?? "")
  }

  private func text(_ content: String) -> Response { Response(200, contentType: "text/plain", Array(content.utf8)) }

  func refuse(_ failure: ParseFailure) -> Answer {
    Answer(
      Response(Status(failure.status), contentType: "application/problem+json", Array(failure.code.utf8)), route: -1,
      requestID: "r")
  }

  func finished(_ exchange: Exchange) {
    let finished = Finished(
      path: exchange.request?.path, status: exchange.status, bytesIn: exchange.bytesIn, bytesOut: exchange.bytesOut)
    exchanges.withLock { $0.append(finished) }
  }

  func bodyLimit(for head: RequestHead) -> Int { 1 << 20 }
}
