/// There is more to do than can be done: whoever is told so had no effect, and may ask again.
package struct Overload: Error, CustomStringConvertible {
  package let reason: AdmissionStatistics.Reason
  /// Seconds; spread, so that those who are turned away together do not come back together.
  package let retryAfter: Int

  init(_ reason: AdmissionStatistics.Reason) {
    self.reason = reason
    retryAfter = .random(in: 1...3)
  }

  package var description: String { "turned away: \(reason)" }
}
