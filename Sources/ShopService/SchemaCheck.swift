import Postgres

/// Whether the database's schema is at least the one that this version of the program was written against.
enum SchemaCheck {
  /// The newest migration that the program's statements rely on.
  static let needed: Int64 = 9

  struct Outdated: Error, CustomStringConvertible {
    let found: Int64

    var description: String {
      "the database is at migration \(found), this version needs \(SchemaCheck.needed): run `shop migrate`"
    }
  }

  private static let newest = Statement("schema_version", "SELECT coalesce(max(version), 0)::bigint FROM public.schema_migration")

  static func run(_ database: Database) async throws {
    let found: Int64
    do {
      found = try await database.read(newest())[0].int64(0)
    } catch PostgresError.server(let error) where error.sqlState == "42P01" {
      throw Outdated(found: 0)
    }
    guard found >= needed else { throw Outdated(found: found) }
  }
}
