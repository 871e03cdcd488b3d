import Postgres
import ShopStore

/// Whether the database is one for this version of the program and for its role.
enum SchemaCheck {
  /// The newest migration that the program's statements rely on.
  static let needed: Int64 = 18

  struct Outdated: Error, CustomStringConvertible {
    let found: Int64

    var description: String {
      "the database is at migration \(found), this version needs \(SchemaCheck.needed): run `shop migrate`"
    }
  }

  struct WrongRole: Error, CustomStringConvertible {
    let found: String
    let needed: Role

    var description: String {
      "the database holds the part \"\(found)\" of a shop, this process is \"\(needed.rawValue)\": set SHOP_ROLE or SHOP_DATABASE_URL"
    }
  }

  private static let newest = Statement("schema_version", "SELECT coalesce(max(version), 0)::bigint FROM public.schema_migration")

  static func run(_ database: Database, for role: Role) async throws {
    let found: Int64
    do {
      found = try await database.read(newest())[0].int64(0)
    } catch PostgresError.server(let error) where error.sqlState == "42P01" {
      throw Outdated(found: 0)
    }
    guard found >= needed else { throw Outdated(found: found) }
    let holds = try await DoorStore(database).role()
    guard holds == role.rawValue else { throw WrongRole(found: holds, needed: role) }
  }
}
