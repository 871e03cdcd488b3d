/// An answer, and whether it was given before.
package struct GivenAnswer: Sendable {
  package let answer: KeptAnswer
  /// Then the client is told by `Idempotency-Replayed: true`.
  package let isReplayed: Bool

  package init(_ answer: KeptAnswer, isReplayed: Bool = false) {
    self.answer = answer
    self.isReplayed = isReplayed
  }
}
