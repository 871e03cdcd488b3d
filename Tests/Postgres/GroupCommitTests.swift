import Reactor
import Testing

@testable import Postgres

/// Accounts 1 to 9, of 10 each. Where a test holds one locked, whoever comes for it is under way for as long as it likes.
@Suite(.enabled(if: PostgresServer.isThere, PostgresServer.reason), .serialized)
struct GroupCommitTests {
  @Test func `transactions that come while one is under way travel together behind it`() async throws {
    try await withAccounts { accounts in
      let lock = try accounts.hold(1)
      let first = accounts.add(1, to: 1)
      #expect(await eventually { accounts.isLocked })
      let trips = accounts.database.statistics.trips
      // In another order than that in which they are sent.
      let others = [5, 3, 4, 2].map { accounts.add($0, to: $0) }
      #expect(await eventually { accounts.database.statistics.groupWaiting == 4 })
      try lock.execute("COMMIT")
      #expect(await first.value == nil)
      // Each gets the answer to its own statements.
      for (other, account) in zip(others, [5, 3, 4, 2]) { #expect(await other.value == nil, "account \(account)") }
      #expect(try accounts.balances == [11, 12, 13, 14, 15, 10, 10, 10, 10])
      #expect(accounts.database.statistics.trips - trips == 1)
      #expect(accounts.database.statistics.groups == 2 && accounts.database.statistics.grouped == 5)
      #expect(accounts.database.statistics.ungrouped == 0)
    }
  }

  @Test func `one that is refused is refused alone`() async throws {
    try await withAccounts { accounts in
      let lock = try accounts.hold(1)
      let first = accounts.add(1, to: 1)
      #expect(await eventually { accounts.isLocked })
      let (good, bad, other) = (accounts.add(1, to: 2), accounts.add(-11, to: 3), accounts.add(1, to: 4))
      #expect(await eventually { accounts.database.statistics.groupWaiting == 3 })
      try lock.execute("COMMIT")
      #expect(await first.value == nil)
      #expect(await bad.value?.constraint == "balance_not_negative")
      #expect(await good.value == nil)
      #expect(await other.value == nil)
      #expect(try accounts.balances == [11, 11, 10, 11, 10, 10, 10, 10, 10])
      #expect(accounts.database.statistics.ungrouped == 3)
    }
  }

  @Test func `one that waits for a lock keeps no other waiting`() async throws {
    try await withAccounts { accounts in
      let lock = try accounts.hold(1)
      let first = accounts.add(1, to: 1)
      #expect(await eventually { accounts.isLocked })
      let mine = try accounts.hold(2)
      let (stuck, free) = (accounts.add(1, to: 2), accounts.add(1, to: 3))
      #expect(await eventually { accounts.database.statistics.groupWaiting == 2 })
      try lock.execute("COMMIT")
      #expect(await first.value == nil)
      #expect(await free.value == nil)
      #expect(try accounts.balances[2] == 11)
      try mine.execute("COMMIT")
      #expect(await stuck.value == nil)
      #expect(try accounts.balances[1] == 11)
    }
  }

  @Test func `nobody waits long for what is under way`() async throws {
    try await withAccounts({ $0.groupWait = .milliseconds(20) }) { accounts in
      let lock = try accounts.hold(1)
      let first = accounts.add(1, to: 1)
      #expect(await eventually { accounts.isLocked })
      #expect(await accounts.add(1, to: 2).value == nil)
      #expect(try accounts.balances[1] == 11)
      try lock.execute("COMMIT")
      #expect(await first.value == nil)
      #expect(accounts.database.statistics.groupWaiting == 0)
    }
  }

  @Test func `of a group whose answer never comes each is told that its outcome is unknown`() async throws {
    let server = try PostgresServer()
    let proxy = try Proxy(to: server.target)
    try await withAccounts(on: server, { $0.target = proxy.target }) { accounts in
      let lock = try accounts.hold(1)
      let first = accounts.add(1, to: 1)
      #expect(await eventually { accounts.isLocked })
      let others = [2, 3].map { accounts.add(1, to: $0, andSleepIn: 3) }
      #expect(await eventually { accounts.database.statistics.groupWaiting == 2 })
      try lock.execute("COMMIT")
      #expect(await first.value == nil)
      #expect(await eventually { accounts.isAsleep })
      proxy.line.isOpen = false
      for other in others { #expect(await other.value?.isCommitUnknown == true) }
      try server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
      #expect(await eventually { !accounts.isAsleep })
      // Neither was sent again.
      #expect(try accounts.balances == [11, 10, 10, 10, 10, 10, 10, 10, 10])
    }
  }
}

private struct Accounts: Sendable {
  let database: Database
  let server: PostgresServer

  static let read = Statement("group_read_account", "SELECT balance FROM account WHERE id = $1")
  static let add = Statement("group_add_to_account", "UPDATE account SET balance = balance + $2 WHERE id = $1")

  /// Another's session that keeps the account locked until it is told to COMMIT.
  func hold(_ account: Int) throws -> BlockingSession {
    let session = try BlockingSession(server.target, applicationName: "holder") { _ in }
    try session.execute("BEGIN; SELECT FROM account WHERE id = \(account) FOR UPDATE")
    return session
  }

  /// Somebody waits for a lock.
  var isLocked: Bool { count("wait_event_type = 'Lock'") > 0 }
  var isAsleep: Bool { count("wait_event = 'PgSleep'") > 0 }

  private func count(_ sessions: String) -> Int {
    (try? server.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND \(sessions)")) ?? 0
  }

  var balances: [Int] {
    get throws { try (1...9).map { try server.count("SELECT balance::int4 FROM account WHERE id = \($0)") } }
  }

  /// Why it failed, where it did. What it reads back must be what it has written.
  func add(_ amount: Int, to account: Int, andSleepIn sleeper: Int? = nil) -> Task<PostgresError?, Never> {
    Task(executorPreference: database.loop) {
      await failure {
        let id = Parameter.int64(Int64(account))
        try await database.transaction(groupedBy: UUIDBytes(high: 0, low: UInt64(account))) { transaction in
          let sleep = account == sleeper ? [WorkLaneTests.nap(.float8(600))] : []
          let rows = try await transaction.commit(with: [Self.add(id, .int64(Int64(amount))), Self.read(id)] + sleep)
          #expect(try rows[1][0].int64(0) == Int64(10 + amount))
        }
      }
    }
  }
}

private func withAccounts(
  on server: PostgresServer? = nil, _ configure: (inout DatabaseOptions) -> Void = { _ in },
  _ body: @escaping @Sendable (Accounts) async throws -> Void
) async throws {
  try await withDatabase(on: server, configure) { database, server in
    try server.execute(WorkLaneTests.table + "; INSERT INTO account SELECT n, 10 FROM generate_series(1, 9) n")
    try await body(Accounts(database: database, server: server))
  }
}
