/// Applies the migrations that a database lacks: each in a transaction of its own, one process at a time.
///
/// It blocks the calling thread: for commands, never for a loop.
package struct Migrator: Sendable {
  private let target: ConnectionString
  private let migrations: [Migration]

  package init(_ target: ConnectionString, _ migrations: [Migration]) {
    self.target = target
    self.migrations = migrations
  }

  package init(_ target: ConnectionString, folder: String) throws(MigrationError) {
    self.init(target, try Migration.all(in: folder))
  }

  package enum Event: Sendable {
    /// Another process migrates this database.
    case waiting
    case applying(Migration)
    case applied(Migration)
    /// What the server remarked on the way.
    case notice(String)
  }

  package struct Status: Sendable {
    package let migration: Migration
    /// As the database words it, nil when pending.
    package let appliedAt: String?
  }

  /// Applies what is pending and says how many that were.
  @discardableResult
  package func migrate(_ report: @escaping @Sendable (Event) -> Void = { _ in }) throws(MigrationError) -> Int {
    let result: Result<Int, MigrationError>
    do throws(PostgresError) {
      let session = try BlockingSession(target, applicationName: "shop migrate") { report(.notice($0)) }
      if try !session.query("SELECT pg_try_advisory_lock(\(Self.lock))")[0].bool(0) {
        report(.waiting)
        try session.query("SELECT pg_advisory_lock(\(Self.lock))")
      }
      // Its lock is the session's: it goes with it, whatever happens.
      try session.execute(Self.createLedger)
      result = apply(pending(try ledger(session)), session, report)
    } catch {
      throw .database(error)
    }
    return try result.get()
  }

  /// What is applied and what is pending; changes nothing.
  package func status() throws(MigrationError) -> [Status] {
    let applied: [Int: Entry]
    do {
      let session = try BlockingSession(target, applicationName: "shop migrate") { _ in }
      let exists = try session.query("SELECT to_regclass('public.schema_migration') IS NOT NULL")[0].bool(0)
      applied = exists ? try ledger(session) : [:]
    } catch {
      throw .database(error)
    }
    _ = try pending(applied).get()
    return migrations.map { Status(migration: $0, appliedAt: applied[$0.version]?.appliedAt) }
  }

  // MARK: The ledger

  private struct Entry {
    let name: String
    let digest: String
    let appliedAt: String
  }

  /// "shopmigr" in ASCII.
  private static let lock: Int64 = 0x7368_6f70_6d69_6772

  private static let createLedger = """
    CREATE TABLE IF NOT EXISTS public.schema_migration (
      version    integer     NOT NULL,
      name       text        NOT NULL,
      sha256     text        NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT schema_migration_pkey PRIMARY KEY (version)
    )
    """

  private func ledger(_ session: borrowing BlockingSession) throws(PostgresError) -> [Int: Entry] {
    var entries: [Int: Entry] = [:]
    let rows = try session.query(
      """
      SELECT version, name, sha256, to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      FROM public.schema_migration ORDER BY version
      """)
    for row in rows {
      entries[try row.int(0)] = Entry(name: try row.string(1), digest: try row.string(2), appliedAt: try row.string(3))
    }
    return entries
  }

  /// What is not in the ledger, in order; refuses a ledger that does not fit the files.
  private func pending(_ applied: [Int: Entry]) -> Result<[Migration], MigrationError> {
    for (version, entry) in applied.sorted(by: { $0.key < $1.key }) where version > migrations.count {
      return .failure(.unknown(version: version, name: entry.name))
    }
    var pending: [Migration] = []
    for migration in migrations {
      guard let entry = applied[migration.version] else {
        pending.append(migration)
        continue
      }
      guard entry.digest == migration.digest else { return .failure(.changed(file: migration.fileName)) }
      // A later one is in the ledger, an earlier one is not.
      if let gap = pending.first { return .failure(.gap(version: gap.version)) }
    }
    return .success(pending)
  }

  private func apply(
    _ pending: Result<[Migration], MigrationError>, _ session: borrowing BlockingSession,
    _ report: @Sendable (Event) -> Void
  ) -> Result<Int, MigrationError> {
    switch pending {
    case .failure(let error): return .failure(error)
    case .success(let migrations):
      for migration in migrations {
        report(.applying(migration))
        do throws(PostgresError) {
          try session.execute("BEGIN")
          try session.execute(migration.sql)
          guard session.isInTransaction else { return .failure(.endedTransaction(file: migration.fileName)) }
          try session.query(
            "INSERT INTO public.schema_migration (version, name, sha256) VALUES ($1, $2, $3)",
            [.int32(Int32(clamping: migration.version)), .text(migration.name), .text(migration.digest)])
          try session.execute("COMMIT")
        } catch {
          // The session ends with this, and the transaction with the session.
          return .failure(.failed(file: migration.fileName, error))
        }
        report(.applied(migration))
      }
      return .success(migrations.count)
    }
  }
}
