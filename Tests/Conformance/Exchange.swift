/// One connection on which one case is played.
final class Exchange {
  private static let further = "/further"
  private static let smuggled = Array("GET \(Player.smuggledPath) HTTP/1.1\r\nHost: a\r\n\r\n".utf8)

  private let wire: WireCase
  private let delivery: Delivery
  private let cut: Int?
  private let socket: ClientSocket
  private var pieces: ArraySlice<ArraySlice<UInt8>>
  private var step = 0
  /// Answers of this step that have come.
  private var heard = 0
  private var hasAskedFurther = false
  private(set) var isDone = false
  private var fault: String?

  init(_ wire: WireCase, _ delivery: Delivery, _ pieces: [ArraySlice<UInt8>], port: UInt16) throws {
    self.wire = wire
    self.delivery = delivery
    cut = delivery == .inTwo ? pieces.first?.count : nil
    self.pieces = pieces[...]
    socket = try ClientSocket(port: port)
    if isLastStep { appendSmuggled() }
  }

  private var isLastStep: Bool { step == wire.steps.count - 1 }
  private var expected: Expected { wire.steps[step].expected }

  /// Behind the end, in whatever way it comes, nothing more may be executed.
  private func appendSmuggled() {
    if wire.closes, !wire.halfCloses { pieces.append(Self.smuggled[...]) }
  }

  /// Sends the next piece, if there is one left of this step.
  func sendNext() {
    guard !isDone, var piece = pieces.popFirst() else { return }
    if socket.hasEnded {
      // It will read no further than this, and only for a moment: all at once.
      piece = ArraySlice([piece] + pieces).flatMap { $0 }[...]
      pieces = []
    }
    do {
      try socket.send(piece)
    } catch {
      fail("\(error)")
    }
    if pieces.isEmpty, isLastStep, wire.halfCloses { socket.closeHalf() }
  }

  /// Takes what has come, and goes on to the next step where this one has come true.
  func judge() {
    guard !isDone else { return }
    socket.receive()
    do {
      while !isDone, try goOn() {}
    } catch {
      fail("\(error)")
    }
  }

  /// True where something came true and more may.
  private func goOn() throws -> Bool {
    if heard < expected.answers.count { return try hear(expected.answers[heard]) }
    guard pieces.isEmpty else {
      if socket.hasEnded, !(isLastStep && expected.closes) { fail("the connection ended before all was sent") }
      return false
    }
    if isLastStep { return expected.closes ? awaitEnd() : try askFurther() }
    guard socket.received.isEmpty else { return fail("more was answered than expected") }
    step += 1
    heard = 0
    pieces = [wire.steps[step].bytes[...]]
    if isLastStep { appendSmuggled() }
    // Whoever plays sends it in the next round.
    return false
  }

  private func hear(_ wanted: Expected.Answer) throws -> Bool {
    guard let (answer, end) = try next(isHead: wanted.isHead) else { return false }
    socket.drop(end)
    // Content that comes late is asked for by 100, content that is here already is not.
    if answer.status == 100, delivery != .atOnce, !wanted.isInterim { return true }
    let isLast = isLastStep && expected.closes && heard == expected.answers.count - 1
    if let fault = wanted.difference(from: answer, isLast: wire.halfCloses ? nil : isLast) { return fail(fault) }
    heard += 1
    return true
  }

  private func next(isHead: Bool) throws -> (answer: ReceivedAnswer, end: Int)? {
    if let next = try ReceivedAnswer.read(socket.received, isHead: isHead, hasEnded: socket.hasEnded) { return next }
    if socket.hasEnded { fail("the connection \(socket.wasReset ? "was reset" : "ended") before its answer") }
    return nil
  }

  private func awaitEnd() -> Bool {
    guard socket.received.isEmpty else { return fail("bytes behind the last answer") }
    if socket.wasReset { return fail("the connection was reset") }
    if socket.hasEnded, socket.isRefusing { return fail("what was still sent was met by a reset, which can overtake the answer") }
    isDone = socket.hasEnded
    return false
  }

  /// What is sent now is answered, and by nothing but its own answer.
  private func askFurther() throws -> Bool {
    if !hasAskedFurther {
      guard socket.received.isEmpty else { return fail("more was answered than expected") }
      guard !socket.hasEnded else { return fail("the connection ended") }
      hasAskedFurther = true
      try socket.send(Array("GET \(Self.further) HTTP/1.1\r\nHost: a\r\n\r\n".utf8)[...])
      return false
    }
    guard let (answer, end) = try next(isHead: false) else { return false }
    if let fault = Expected.Answer.request("GET \(Self.further)").difference(from: answer, isLast: false) {
      return fail("of a further request: \(fault)")
    }
    guard end == socket.received.count else { return fail("bytes behind a further answer") }
    isDone = true
    return false
  }

  @discardableResult
  private func fail(_ text: String) -> Bool {
    isDone = true
    fault = text
    return false
  }

  /// The case has not come to its end in time.
  func giveUp() { fail("nothing more came behind \(Self.shown(socket.received))") }

  /// What went wrong, if anything did.
  var report: String? {
    guard let fault else { return nil }
    let place = cut.map { ", cut at \($0)" } ?? ""
    return "\(wire) (\(delivery.rawValue)\(place)): \(fault); sent \(Self.shown(wire.bytes))"
  }

  private static func shown(_ bytes: [UInt8]) -> String { String(decoding: bytes.prefix(300), as: UTF8.self).debugDescription }
}
