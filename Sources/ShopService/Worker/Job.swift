/// Something that the clock asks for, again and again.
struct Job: Sendable {
  let name: String
  /// Seconds from its end to its next beginning.
  let interval: Int
  let run: @Sendable () async throws -> Void

  init(_ name: String, every interval: Int = 1, _ run: @escaping @Sendable () async throws -> Void) {
    self.name = name
    self.interval = interval
    self.run = run
  }
}
