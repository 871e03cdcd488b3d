/// A subscription of one database to a publication of another (logical replication), made so that it can be made again at any time.
///
/// It blocks the calling thread: for commands, never for a loop. Both databases may be in one cluster: the slot is made by a
/// statement of its own, since `CREATE SUBSCRIPTION` would wait for itself there (PostgreSQL's documentation of that command).
package struct Subscription: Sendable {
  /// Also of the publication. A plain identifier.
  private let name: String
  /// Emptied before they are copied anew: `schema.table`.
  private let tables: [String]

  package init(name: String, tables: [String]) {
    self.name = name
    self.tables = tables
  }

  /// Why nothing was subscribed to.
  package enum Failure: Error, CustomStringConvertible {
    case database(PostgresError)
    case publisherWithoutLogicalLevel(String)
    case publisherWithoutPublication(String)

    package var description: String {
      switch self {
      case .database(let error): "\(error)"
      case .publisherWithoutLogicalLevel(let level): "the publisher's wal_level is \(level): it must be logical"
      case .publisherWithoutPublication(let name):
        "the publisher has no publication \(name): run `shop migrate --role` there first"
      }
    }
  }

  /// Copies the publication's tables and follows them from then on; a subscription and a slot of before are taken away first.
  ///
  /// - Parameter publisherAddress: how the subscriber's server reaches the publisher, a connection URL. Kept in `pg_subscription`.
  package func establish(
    subscriber: ConnectionString, publisher: ConnectionString, publisherAddress: String
  ) throws(Failure) {
    let result: Result<Void, Failure>
    do throws(PostgresError) {
      let source = try BlockingSession(publisher, applicationName: "shop subscribe") { _ in }
      let target = try BlockingSession(subscriber, applicationName: "shop subscribe") { _ in }
      result = try establish(target, source, publisherAddress)
    } catch {
      throw .database(error)
    }
    try result.get()
  }

  private func establish(
    _ target: borrowing BlockingSession, _ source: borrowing BlockingSession, _ address: String
  ) throws(PostgresError) -> Result<Void, Failure> {
    let level = try source.query("SELECT current_setting('wal_level')")[0].string(0)
    guard level == "logical" else { return .failure(.publisherWithoutLogicalLevel(level)) }
    guard try !source.query("SELECT 1 FROM pg_publication WHERE pubname = $1::text", [.text(name)]).isEmpty else {
      return .failure(.publisherWithoutPublication(name))
    }
    // Slots are the cluster's, subscriptions a database's.
    let slot = try target.query(
      "SELECT left($1 || '_' || regexp_replace(lower(current_database()), '[^a-z0-9_]', '_', 'g'), 63)", [.text(name)])[0].string(
        0)
    try leave(target)
    try makeSlot(slot, source)
    try target.execute("TRUNCATE \(tables.joined(separator: ", "))")
    let create = try target.query(
      """
      SELECT format('CREATE SUBSCRIPTION %I CONNECTION %L PUBLICATION %I WITH (create_slot = false, slot_name = %L)',
                    $1::text, $2::text, $1::text, $3::text)
      """, [.text(name), .text(address), .text(slot)])
    try target.execute(try create[0].string(0))
    return .success(())
  }

  /// The publisher of before may be gone: so its slot is not asked for, only forgotten.
  private func leave(_ target: borrowing BlockingSession) throws(PostgresError) {
    let known = try target.query(
      """
      SELECT 1 FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
       WHERE s.subname = $1::text AND d.datname = current_database()
      """, [.text(name)])
    guard !known.isEmpty else { return }
    try target.execute("ALTER SUBSCRIPTION \(name) DISABLE")
    try target.execute("ALTER SUBSCRIPTION \(name) SET (slot_name = NONE)")
    try target.execute("DROP SUBSCRIPTION \(name)")
  }

  private func makeSlot(_ slot: String, _ source: borrowing BlockingSession) throws(PostgresError) {
    // What served the subscription that was just left ends a moment later, unless it is made to.
    try source.query(
      "SELECT pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots WHERE slot_name = $1::text AND active",
      [.text(slot)])
    try source.query(
      "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1::text", [.text(slot)])
    try source.query("SELECT pg_create_logical_replication_slot($1::text, 'pgoutput')", [.text(slot)])
  }
}
