/// Something that the clock asks for, again and again.
struct Job: Sendable {
  let name: String
  /// Every how many turns of the worker, of a second each.
  let interval: Int
  let run: @Sendable () async throws -> Void

  init(_ name: String, every interval: Int = 1, _ run: @escaping @Sendable () async throws -> Void) {
    self.name = name
    self.interval = interval
    self.run = run
  }
}
