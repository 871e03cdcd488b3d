import Reactor

/// Waits until `condition` holds, however slow the machine is, and throws when it does not within a minute.
package func until(_ what: String, _ condition: () async throws -> Bool) async throws {
  let end = Instant.measured() + .seconds(60)
  while try await !condition() {
    guard Instant.measured() < end else { throw TestFault("waited in vain until \(what)") }
    try await Task.sleep(for: .milliseconds(20))
  }
}
