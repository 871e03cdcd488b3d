import Reactor
import Testing

@testable import Postgres

@Suite(.enabled(if: PostgresServer.isThere, PostgresServer.reason), .serialized)
struct WorkLaneTests {
  static let table =
    "CREATE TABLE account (id int8 PRIMARY KEY, balance int8 CONSTRAINT balance_not_negative CHECK (balance >= 0))"
  static let insert = Statement("insert_account", "INSERT INTO account VALUES ($1, $2)")
  static let add = Statement("add_to_account", "UPDATE account SET balance = balance + $2 WHERE id = $1")
  static let lock = Statement("lock_account", "SELECT balance FROM account WHERE id = $1 FOR UPDATE")
  static let nap = Statement("work_nap", "SELECT pg_sleep($1::float8)::text")
  static let own = Statement("work_pid", "SELECT pg_backend_pid()")

  @Test func `loads and writes take two trips, BEGIN and COMMIT with them`() async throws {
    try await withDatabase { database, server in
      try server.execute(Self.table + "; INSERT INTO account VALUES (1, 10)")
      _ = try await database.query(Self.own())
      let before = (database.statistics.trips, database.statistics.statements)
      let balance = try await database.transaction { transaction in
        let balance = try await transaction.run(Self.lock(.int64(1)))[0].int64(0)
        let rows = try await transaction.commit(with: [
          Self.add(.int64(1), .int64(-balance)), Self.insert(.int64(2), .int64(balance)),
        ])
        #expect(rows.map(\.affected) == [1, 1])
        return balance
      }
      #expect(balance == 10)
      #expect(database.statistics.trips - before.0 == 2)
      #expect(database.statistics.statements - before.1 == 3)
      #expect(try server.count("SELECT balance FROM account WHERE id = 2") == 10)
      #expect(database.statistics.workOpen == 1 && database.statistics.workBusy == 0)
    }
  }

  @Test func `what the body does not commit itself is committed when it returns`() async throws {
    try await withDatabase { database, server in
      try server.execute(Self.table)
      try await database.transaction { transaction in try await transaction.run(Self.insert(.int64(1), .int64(1))) }
      #expect(try server.count("SELECT count(*) FROM account") == 1)
      try await database.transaction { _ in }
    }
  }

  @Test func `a refusal by constraint keeps nothing and gives the connection back clean`() async throws {
    try await withDatabase({ $0.workConnections = 1 }) { database, server in
      try server.execute(Self.table + "; INSERT INTO account VALUES (1, 10)")
      let error = await failure {
        try await database.transaction { transaction in
          _ = try await transaction.run(Self.lock(.int64(1)))
          try await transaction.commit(with: [Self.insert(.int64(2), .int64(1)), Self.add(.int64(1), .int64(-11))])
        }
      }
      #expect(error?.sqlState == "23514")
      #expect(error?.constraint == "balance_not_negative")
      if case .server(let server)? = error {
        #expect(server.table == "account" && server.statement == "add_to_account" && server.severity == "ERROR")
      }
      #expect(try server.count("SELECT count(*) FROM account") == 1)
      // The lock is gone with the transaction, and the one connection works.
      try await database.transaction { transaction in try await transaction.commit(with: [Self.add(.int64(1), .int64(1))]) }
      #expect(try server.count("SELECT balance FROM account") == 11)
      #expect(database.statistics.workOpen == 1 && database.statistics.connects == 1)
    }
  }

  @Test func `a body that throws is rolled back, and one that hides a failure cannot commit`() async throws {
    struct Refused: Error {}
    try await withDatabase { database, server in
      try server.execute(Self.table)
      await #expect(throws: Refused.self) {
        try await database.transaction { transaction in
          try await transaction.run(Self.insert(.int64(1), .int64(1)))
          throw Refused()
        }
      }
      let error = await failure {
        try await database.transaction { transaction in
          try await transaction.run(Self.insert(.int64(1), .int64(1)))
          _ = try? await transaction.run(Self.insert(.int64(1), .int64(1)))
        }
      }
      #expect(error?.sqlState == "23505")
      #expect(try server.count("SELECT count(*) FROM account") == 0)
    }
  }

  @Test func `a deadlock is tried again until both have had their turn`() async throws {
    try await withDatabase { database, server in
      try server.execute(
        Self.table
          + "; INSERT INTO account VALUES (1, 0), (2, 0); ALTER DATABASE \(server.target.database ?? "") SET deadlock_timeout = '20ms'"
      )
      let met = Counter()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (first, second) in [(Int64(1), Int64(2)), (2, 1)] {
          group.addTask(executorPreference: database.loop) {
            try await database.transaction { transaction in
              try await transaction.run(Self.add(.int64(first), .int64(1)))
              met.increment()
              #expect(await eventually { met.value >= 2 })
              try await transaction.commit(with: [Self.add(.int64(second), .int64(1))])
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try server.count("SELECT sum(balance)::int8 FROM account") == 4)
      #expect(database.statistics.retries >= 1)
    }
  }

  @Test func `a transaction whose connection dies before COMMIT runs again`() async throws {
    try await withDatabase { database, server in
      try server.execute(Self.table)
      let killed = Flag()
      try await database.transaction { transaction in
        let pid = try await transaction.run(Self.own())[0].int32(0)
        if killed.set() { try server.execute("SELECT pg_terminate_backend(\(pid))") }
        try await transaction.run(Self.insert(.int64(1), .int64(1)))
        try await transaction.commit()
      }
      #expect(try server.count("SELECT count(*) FROM account") == 1)
      #expect(database.statistics.retries == 1)
    }
  }

  @Test func `a COMMIT without an answer is an outcome of its own, and is never sent again`() async throws {
    let server = try PostgresServer()
    try server.execute(Self.table)
    let proxy = try Proxy(to: server.target)
    let options = DatabaseOptions(target: proxy.target).patient
    let loop = try EventLoop(name: "test")
    try loop.start()
    let database = Database(options, loop: loop)
    let runs = Counter()
    // The proxy withholds the answer, and cuts the line once the server has committed.
    let error = await failure {
      try await database.transaction { transaction in
        runs.increment()
        try await transaction.run(Self.insert(.int64(1), .int64(1)))
        proxy.line.isFrozenTowardsClient = true
        Task {
          _ = try await eventually { try server.count("SELECT count(*) FROM account") == 1 }
          proxy.line.isOpen = false
        }
        try await transaction.commit()
      }
    }
    #expect(error?.description == PostgresError.commitUnknown.description)
    #expect(runs.value == 1)
    #expect(try server.count("SELECT count(*) FROM account") == 1)
    proxy.line.isFrozenTowardsClient = false
    await database.close(deadline: .measured() + .seconds(3))
    loop.stop()
    loop.join()
  }

  @Test func `sessions of a server that takes no writes any more are given up together`() async throws {
    try await withDatabase({ $0.workConnections = 2 }) { database, server in
      try server.execute(Self.table + "; INSERT INTO account VALUES (1, 0)")
      // Both sessions, as after their server has become a standby.
      let demote = Statement.once("demote", "SET default_transaction_read_only = on")
      try await database.transaction { first in
        try await first.run(demote())
        try await database.transaction { second in try await second.run(demote()) }
      }
      #expect(database.statistics.workOpen == 2)
      try await database.transaction { try await $0.run(Self.add(.int64(1), .int64(5))) }
      #expect(database.statistics.retries == 1)
      #expect(database.statistics.connects == 3 && database.statistics.workOpen == 1)
      #expect(try await database.query(Self.lock(.int64(1)))[0].int64(0) == 5)
    }
  }

  @Test func `at the deadline the statement is cancelled and the connection used again`() async throws {
    try await withDatabase({ $0.workConnections = 1 }) { database, server in
      try server.execute(Self.table + "; INSERT INTO account VALUES (1, 0)")
      let error = await failure {
        try await database.transaction(deadline: .measured() + .milliseconds(100)) { transaction in
          try await transaction.run(Self.add(.int64(1), .int64(1)))
          try await transaction.run(Self.nap(.float8(30)))
        }
      }
      #expect(error?.isTimeout == true)
      #expect(await eventually { database.statistics.workBusy == 0 })
      #expect(try await database.query(Self.lock(.int64(1)))[0].int64(0) == 0)
      #expect(database.statistics.connects == 1)
    }
  }

  @Test func `a cancel that is late hits nobody else`() async throws {
    let server = try PostgresServer()
    let proxy = try Proxy(to: server.target)
    let loop = try EventLoop(name: "late cancel")
    try loop.start()
    var options = DatabaseOptions(target: proxy.target).patient
    options.workConnections = 1
    let database = Database(options, loop: loop)
    let pid = try await database.query(Self.own())[0].int32(0)
    proxy.line.holdsNewConnections = true
    let late = await failure { try await database.query(Self.nap(.float8(0.3)), deadline: .measured() + .milliseconds(100)) }
    #expect(late?.isTimeout == true)
    async let next = failure { try await database.query(Self.nap(.float8(0.5))) }
    // The first nap has ended by itself: either its successor is at work, or it waits for the cancel that is still held.
    #expect(
      try await eventually {
        try server.count(
          """
          SELECT count(*) FROM pg_stat_activity WHERE pid = \(pid)
             AND (state = 'idle' OR query_start > now() - interval '100 milliseconds')
          """) == 1
      })
    proxy.line.holdsNewConnections = false
    #expect(await next == nil)
    await database.close(deadline: .measured() + .seconds(3))
    loop.stop()
    loop.join()
  }

  @Test func `who finds all connections busy waits in a bounded line for a bounded time`() async throws {
    try await withDatabase({
      $0.workConnections = 2
      $0.poolWait = .milliseconds(100)
    }) { database, _ in
      #expect(
        await eventually {
          async let first = failure { try await database.query(Self.nap(.float8(0.02))) }
          async let second = failure { try await database.query(Self.nap(.float8(0.02))) }
          _ = await (first, second)
          return database.statistics.workOpen == 2
        })
      let outcomes = await withTaskGroup(of: PostgresError?.self) { group in
        for _ in 0..<12 {
          group.addTask(executorPreference: database.loop) { await failure { try await database.query(Self.nap(.float8(0.6))) } }
        }
        return await group.reduce(into: [PostgresError?]()) { $0.append($1) }
      }
      #expect(outcomes.filter { $0 == nil }.count == 2)
      #expect(outcomes.filter { $0?.isExhausted == true }.count == 10)
      #expect(database.statistics.workOpen == 2 && database.statistics.workWaiting == 0)
      // The lane is as good as new.
      let rows = try await database.query(Self.nap(.float8(0)))
      #expect(rows.count == 1)
    }
  }

  @Test func `a waiting caller gets the connection that comes back`() async throws {
    try await withDatabase({ $0.workConnections = 1 }) { database, _ in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<3 {
          group.addTask(executorPreference: database.loop) { _ = try await database.query(Self.nap(.float8(0.05))) }
        }
        try await group.waitForAll()
      }
      #expect(database.statistics.connects == 1)
    }
  }

  @Test func `an import may take longer than a session's statements do`() async throws {
    try await withDatabase({ $0.workStatementTimeout = .milliseconds(50) }) { database, _ in
      #expect(await failure { try await database.query(Self.nap(.float8(0.2))) }?.sqlState == "57014")
      try await database.transaction(statementTimeout: .seconds(10)) { transaction in
        _ = try await transaction.run(Self.nap(.float8(0.2)))
      }
      #expect(await failure { try await database.query(Self.nap(.float8(0.2))) }?.sqlState == "57014")
    }
  }

  @Test func `a session has the limits and manners that are promised`() async throws {
    let promised = DatabaseOptions(target: try ConnectionString("postgres:///"))
    try await withDatabase({
      $0.pointStatementTimeout = promised.pointStatementTimeout
      $0.workStatementTimeout = promised.workStatementTimeout
      $0.lockTimeout = promised.lockTimeout
      $0.idleInTransactionTimeout = promised.idleInTransactionTimeout
    }) { database, _ in
      let settings = Statement(
        "settings",
        """
        SELECT current_setting('statement_timeout'), current_setting('lock_timeout'),
          current_setting('idle_in_transaction_session_timeout'), current_setting('TimeZone'), current_setting('client_encoding'),
          current_setting('application_name'), current_setting('transaction_isolation'), current_setting('transaction_read_only')
        """)
      func values(_ rows: Rows) throws -> [String] { try (0..<8).map { try rows[0].string($0) } }
      let work = try values(try await database.query(settings()))
      #expect(work == ["5s", "2s", "10s", "UTC", "UTF8", "shop", "read committed", "off"])
      let point = try values(try await database.read(settings()))
      #expect(point == ["500ms", "2s", "10s", "UTC", "UTF8", "shop", "read committed", "on"])
    }
  }

  @Test func `closing lets a transaction finish and refuses the next`() async throws {
    try await withDatabase { database, server in
      try server.execute(Self.table)
      let running = Task(executorPreference: database.loop) {
        try await database.transaction { transaction in
          try await transaction.run(Self.insert(.int64(1), .int64(1)))
          try await transaction.run(Self.nap(.float8(0.2)))
        }
      }
      #expect(await eventually { database.statistics.workBusy == 1 && database.statistics.trips > 0 })
      await database.close(deadline: .measured() + .seconds(5))
      try await running.value
      #expect(try server.count("SELECT count(*) FROM account") == 1)
      #expect(await failure { try await database.query(Self.own()) }?.isClosed == true)
    }
  }

  @Test func `notices go to the callback`() async throws {
    let notices = Collected()
    try await withDatabase({ $0.onEvent = { if case .notice(let text) = $0 { notices.append(text) } } }) { database, _ in
      _ = try await database.query(Statement.once("notice", "DO $$ BEGIN RAISE NOTICE 'mind the gap'; END $$")())
    }
    #expect(notices.values.contains { $0.contains("mind the gap") })
  }
}
