import Postgres
import Reactor

/// What the databases of a shop in parts know of each other (migration 0012): which part each holds, and how far one is behind.
package struct DoorStore: Sendable {
  let database: Database

  package init(_ database: Database) { self.database = database }

  // MARK: Parts

  private static let roleStatement = Statement("door_role", "SELECT role FROM catalogue.setting")
  private static let configureStatement = Statement("door_configure", "SELECT catalogue.configure_role($1::text)")

  /// Which part of a shop the database holds: the name of a role.
  package func role() async throws -> String { try await database.read(Self.roleStatement())[0].string(0) }

  /// Makes it hold another part, and publishes what the others may know of it; false: it held this one. Refused once it has rows.
  package func configure(role: String, deadline: Deadline) async throws -> Bool {
    try await database.query(Self.configureStatement(.text(role)), deadline: deadline)[0].bool(0)
  }

  /// What one of two databases of a shop may not have.
  package enum Holding: String, Sendable {
    case catalogue, stock

    fileprivate var elsewhereIn: String { self == .catalogue ? "order" : "product" }
  }

  package struct Elsewhere: Error, CustomStringConvertible {
    let holding: Holding

    package var description: String {
      switch holding {
      case .catalogue: "this database holds the order part of a shop: the catalogue is in the database of the product part"
      case .stock: "this database holds the product part of a shop: set stock by POST /v1/admin/stock-adjustments"
      }
    }
  }

  /// Refuses where another database holds what is about to be written.
  package func require(_ holdings: Holding...) async throws {
    let role = try await role()
    for holding in holdings where holding.elsewhereIn == role { throw Elsewhere(holding: holding) }
  }

  // MARK: Heartbeat

  private static let beatStatement = Statement(
    "door_beat",
    """
    INSERT INTO catalogue.heartbeat AS h DEFAULT VALUES ON CONFLICT (only_row) DO UPDATE SET beaten_at = now()
     WHERE h.beaten_at < now() - interval '1 second'
    """)
  private static let ageStatement = Statement(
    "door_age", "SELECT (extract(epoch FROM now() - beaten_at) * 1000)::bigint FROM catalogue.heartbeat")

  /// The catalogue's side says: what I had written until now was written before this.
  package func beat(deadline: Deadline) async throws { _ = try await database.query(Self.beatStatement(), deadline: deadline) }

  /// How old the last beat is that has arrived here, in milliseconds; nil before the first.
  package func beatAge(deadline: Deadline) async throws -> Int64? {
    try await database.read(Self.ageStatement(), deadline: deadline).first.map { max(0, try $0.int64(0)) }
  }
}
