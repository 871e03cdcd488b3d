import Postgres
import Reactor

extension Database {
  /// A transaction of checkout: where others are turned away after the pool's wait, it waits on until its own deadline, since by
  /// then the shopper is at the till, and money may be reserved already.
  func patientTransaction<Value>(
    deadline: Deadline, _ body: (Transaction) async throws -> Value
  ) async throws -> Value {
    while true {
      do {
        return try await transaction(deadline: deadline, body)
      } catch PostgresError.poolExhausted where Instant.measured() + options.poolWait < deadline {
        // A full queue turns away at once: without a pause this would spin. Jitter keeps rivals from meeting again.
        await Task(executorPreference: loop) { [loop] in await loop.sleep(for: .milliseconds(.random(in: 10...40))) }.value
      }
    }
  }
}
