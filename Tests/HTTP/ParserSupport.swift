import Conformance

@testable import HTTP

/// What a parser made of some bytes, in a form that can be compared.
enum Outcome: Equatable, CustomStringConvertible {
  case request(method: Method, path: String, query: String?, body: [UInt8], keepAlive: Bool)
  case failure(Int, String)
  case incomplete

  var description: String {
    switch self {
    case .request(let method, let path, let query, let body, let keepAlive):
      "\(method) \(path) ?\(query ?? "-") \(body.count) bytes \(keepAlive ? "keep" : "close")"
    case .failure(let status, let detail): "\(status) \(detail)"
    case .incomplete: "incomplete"
    }
  }

  var status: Int { if case .failure(let status, _) = self { status } else { 0 } }
}

/// Feeds `pieces` one after the other and collects what comes out; `.incomplete` last where a request is half there.
func outcomes(_ pieces: [ArraySlice<UInt8>], _ limits: ParserLimits = ParserLimits()) -> [Outcome] {
  var parser = RequestParser(limits)
  var result: [Outcome] = []
  for piece in pieces {
    piece.withUnsafeBytes { parser.append($0) }
    events: while true {
      switch parser.next() {
      case .needsMore: break events
      case .head: continue
      case .failure(let failure):
        return result + [.failure(failure.status, failure.detail)]
      case .request(let request):
        result.append(
          .request(
            method: request.method, path: request.path, query: request.head.rawQuery.map { String(decoding: $0, as: UTF8.self) },
            body: request.body, keepAlive: request.head.isKeepAlive))
      }
    }
  }
  return parser.isIdle ? result : result + [.incomplete]
}

func outcomes(_ text: String, _ limits: ParserLimits = ParserLimits()) -> [Outcome] {
  outcomes([Array(text.utf8)[...]], limits)
}

func outcomes(_ bytes: [UInt8], then text: String) -> [Outcome] { outcomes([(bytes + text.utf8)[...]]) }

/// The one request in `text`.
func request(_ text: String) -> Request? {
  var parser = RequestParser()
  Array(text.utf8).withUnsafeBytes { parser.append($0) }
  while true {
    switch parser.next() {
    case .head: continue
    case .request(let request): return request
    case .needsMore, .failure: return nil
    }
  }
}

/// Deterministic randomness (SplitMix64), so that a failing seed can be run again.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// What came out, as the table of cases says it.
func told(_ outcomes: [Outcome]) -> [String] {
  outcomes.map { outcome in
    switch outcome {
    case .request(let method, let path, let query, let body, _):
      "\(method.name) \(path)" + (query.map { "?\($0)" } ?? "")
        + (body.isEmpty ? "" : " " + String(decoding: body, as: UTF8.self))
    case .failure(let status, _): "\(status)"
    case .incomplete: "incomplete"
    }
  }
}

extension WireCase {
  /// The requests of this case in their order, the status of what is none, and that something is missing at its end.
  var told: [String] {
    let answers = answers.filter { !$0.isInterim }.map { $0.request ?? "\($0.status)" }
    return answers + (endsWithin ? ["incomplete"] : [])
  }
}
