import Reactor

/// A place among those who are worked on.
///
/// `@unchecked Sendable`: touched on its admission's loop only.
package final class Permit: @unchecked Sendable {
  private let admission: Admission
  let began: Instant
  /// When it gave its place away for a while.
  private var leftAt: Instant?
  private var away = Duration.zero
  private var isOver = false

  /// That of the request whose task is asking.
  @TaskLocal package static var current: Permit?

  init(_ admission: Admission, began: Instant) {
    self.admission = admission
    self.began = began
  }

  /// Seconds with a place.
  func held(until now: Instant) -> Double { (now - began - away).seconds }

  /// Runs `body`, which waits for somebody else, without a place: a payment provider that is slow shall not close the shop.
  package static func stepAside<Value: Sendable>(_ body: () async -> Value) async -> Value {
    guard let permit = current else { return await body() }
    permit.admission.onLoop { $0.stepAside(permit) }
    let value = await body()
    permit.admission.onLoop { $0.comeBack(permit) }
    return value
  }

  /// False when it has no place to give away.
  func leave(at now: Instant) -> Bool {
    guard !isOver, leftAt == nil else { return false }
    leftAt = now
    return true
  }

  /// False when it gave none away.
  func comeBack(at now: Instant) -> Bool {
    guard !isOver, let leftAt else { return false }
    away += now - leftAt
    self.leftAt = nil
    return true
  }

  /// False when there is no place to give back.
  func end() -> Bool {
    defer { isOver = true }
    return !isOver && leftAt == nil
  }
}
