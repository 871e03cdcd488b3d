import Reactor

extension Database {
  private static let schemaVersionStatement = Statement(
    "schema_version", "SELECT coalesce(max(version), 0)::integer FROM public.schema_migration")

  /// The number of the last migration applied, 0 for none: a program compares it with the one that it was written for.
  package func schemaVersion(deadline: Instant? = nil) async throws(PostgresError) -> Int {
    do {
      guard let row = try await read(Self.schemaVersionStatement(), deadline: deadline).first else { return 0 }
      return try row.int(0)
    } catch {
      // undefined_table: never migrated.
      if error.sqlState == "42P01" { return 0 }
      throw error
    }
  }
}
