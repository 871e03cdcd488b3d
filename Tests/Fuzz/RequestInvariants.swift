@testable import HTTP

/// What holds for every sequence of bytes that a client can send.
package enum RequestInvariants {
  /// The first thing that does not hold for `bytes`, in words; nil where all does.
  package static func fault(_ bytes: [UInt8]) -> String? { fault(bytes, ParserLimits()) ?? fault(bytes, small) }

  /// Limits that short inputs reach.
  private static let small: ParserLimits = {
    var limits = ParserLimits()
    limits.requestLine = 40
    limits.head = 120
    limits.fields = 4
    limits.body = 20
    limits.chunkOverhead = 24
    limits.preludes = 1
    return limits
  }()

  private static func fault(_ bytes: [UInt8], _ limits: ParserLimits) -> String? {
    let whole = RequestRun([bytes[...]], limits)
    let single = RequestRun(bytes.indices.map { bytes[$0...$0] }, limits)
    guard single.events == whole.events, single.isIdle == whole.isIdle else {
      return "byte by byte it is \(single.events), at once \(whole.events)"
    }
    return faultOfCuts(bytes, limits, whole) ?? faultOfEnds(bytes, limits, single)
      ?? whole.events.lazy.compactMap { faultOf($0, limits) }.first
  }

  /// A cut anywhere gives the same; of long inputs some places are tried, others for each input.
  private static func faultOfCuts(_ bytes: [UInt8], _ limits: ParserLimits, _ whole: RequestRun) -> String? {
    let step = 1 + bytes.count / 16
    for place in stride(from: 1 + (bytes.first.map(Int.init) ?? 0) % step, to: bytes.count, by: step) {
      let cut = RequestRun([bytes[..<place], bytes[place...]], limits)
      guard cut.events == whole.events, cut.isIdle == whole.isIdle else {
        return "cut at \(place) it is \(cut.events), at once \(whole.events)"
      }
    }
    return nil
  }

  /// What has been said is said by the bytes up to there: no byte behind them has been looked at.
  private static func faultOfEnds(_ bytes: [UInt8], _ limits: ParserLimits, _ single: RequestRun) -> String? {
    for (index, offset) in single.offsets.enumerated() {
      let said = single.events[...index]
      for other: [UInt8] in [[], [0x0A], Array("GET / HTTP/1.1\r\n".utf8)] {
        let run = RequestRun([bytes[..<offset] + other], limits)
        guard run.events.starts(with: said) else {
          return "what follows offset \(offset) changes \(said) into \(run.events)"
        }
      }
    }
    return nil
  }

  private static func faultOf(_ event: RequestRun.Event, _ limits: ParserLimits) -> String? {
    switch event {
    case .head: nil
    case .failure(let failure): [400, 413, 414, 417, 431, 501, 505].contains(failure.status) ? nil : "status \(failure.status)"
    case .request(let request): faultOfRequest(request, limits) ?? faultOfEncoding(request)
    }
  }

  private static func faultOfRequest(_ request: RequestRun.Parsed, _ limits: ParserLimits) -> String? {
    func count(_ name: String) -> Int { request.fields.count { Bytes.equalIgnoringCase($0.name, name.utf8) } }
    guard count("host") == 1 || (count("host") == 0 && request.minorVersion == 0) else { return "\(count("host")) Hosts" }
    guard count("content-length") + (request.isChunked ? 1 : 0) <= 1 else { return "more than one framing" }
    guard (count("transfer-encoding") > 0) == request.isChunked else { return "a transfer coding that counts for nothing" }
    guard request.body.count <= limits.body else { return "more content than the limit" }
    guard request.fields.count <= limits.fields else { return "more fields than the limit" }
    guard request.fields.allSatisfy({ !$0.name.isEmpty && $0.name.allSatisfy(Bytes.isToken) }) else { return "no token" }
    guard request.fields.allSatisfy({ $0.value.allSatisfy(Bytes.isFieldValue) }) else { return "a value has a control character" }
    guard request.path.first == UInt8(ascii: "/") || request.isAsteriskForm else { return "a path without its slash" }
    guard (request.path + (request.query ?? [])).allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
      return "a target with what it cannot have"
    }
    return nil
  }

  /// Written in the plainest form and read again, it is the same request.
  private static func faultOfEncoding(_ request: RequestRun.Parsed) -> String? {
    let again = RequestRun([request.encoded[...]], ParserLimits())
    guard case .request(let read)? = again.events.last, again.events.count <= 2, again.isIdle else {
      return "\(request) is \(again.events) when it is written and read again"
    }
    return read.meaning == request.meaning ? nil : "\(request) is \(read) when it is written and read again"
  }
}
