import Crypto
import Postgres
import ShopStore

extension Configuration {
  /// What signs and seals in the shop's name.
  func keyRing() throws -> KeyRing { try KeyRing(secrets: secretKeys.map { Array($0.utf8) }) }

  func idempotencyStore(over database: Postgres.Database) throws -> IdempotencyStore {
    IdempotencyStore(database, try keyRing(), lifetimeSeconds: idempotencyLifetime.components.seconds)
  }
}
