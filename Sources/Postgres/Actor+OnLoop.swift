extension Actor {
  /// Enters an actor of the loop whose thread is calling, without a job: traps elsewhere, so its callers know where they are.
  nonisolated func onLoop<Value: Sendable>(_ body: (isolated Self) -> Value) -> Value { assumeIsolated(body) }
}
