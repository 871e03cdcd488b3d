import Reactor
import Testing

@testable import Postgres

@Suite(.enabled(if: PostgresServer.isThere, PostgresServer.reason), .serialized)
struct PointLaneTests {
  static let echo = Statement("echo_number", "SELECT $1::int8")
  static let nap = Statement("nap", "SELECT pg_sleep($1::float8)::text")
  static let divide = Statement("divide", "SELECT 1 / $1::int8")
  static let own = Statement("own_pid", "SELECT pg_backend_pid()")

  @Test func `a thousand reads at once get each its own answer over one connection`() async throws {
    try await withDatabase { database, _ in
      try await withThrowingTaskGroup(of: (Int64, Int64).self) { group in
        for number in 0..<Int64(1000) {
          group.addTask(executorPreference: database.loop) {
            (number, try await database.read(Self.echo(.int64(number)))[0].int64(0))
          }
        }
        for try await (asked, answered) in group { #expect(asked == answered) }
      }
      #expect(database.statistics.pointOpen == 1)
      #expect(database.statistics.statements == 1000)
    }
  }

  @Test func `a failing read leaves its neighbours in the pipeline alone`() async throws {
    try await withDatabase { database, _ in
      await withTaskGroup(of: (Int64, PostgresError?).self) { group in
        for number in 0..<Int64(60) {
          group.addTask(executorPreference: database.loop) {
            (number % 3, await failure { try await database.read(Self.divide(.int64(number % 3))) })
          }
        }
        for await (divisor, error) in group { #expect(error?.sqlState == (divisor == 0 ? "22012" : nil)) }
      }
    }
  }

  @Test func `a statement first used behind a failure works for all who ask`() async throws {
    try await withDatabase { database, _ in
      try await database.ping()
      for round in 0..<40 {
        let fresh = Statement("fresh", "SELECT $1::int8 + 1")
        await withTaskGroup(of: Void.self) { group in
          group.addTask(executorPreference: database.loop) {
            #expect(await failure { try await database.read(Self.divide(.int64(0))) }?.sqlState == "22012")
          }
          for turn in 0..<6 {
            group.addTask(executorPreference: database.loop) {
              for _ in 0..<(turn % 3) * round { await Task.yield() }
              let error = await failure { try await database.read(fresh(.int64(1))) }
              #expect(error?.description == nil)
            }
          }
        }
      }
    }
  }

  @Test func `a statement that the server cannot parse fails each time, and nothing else`() async throws {
    try await withDatabase { database, _ in
      let broken = Statement("broken", "SELECT nothing FROM nowhere")
      for _ in 0..<3 {
        #expect(await failure { try await database.read(broken()) }?.sqlState == "42P01")
        let echoed = try await database.read(Self.echo(.int64(1)))[0].int64(0)
        #expect(echoed == 1)
      }
    }
  }

  @Test func `several statements make one trip`() async throws {
    try await withDatabase { database, _ in
      try await database.ping()
      let before = (database.statistics.trips, database.statistics.statements)
      let rows = try await database.read([Self.echo(.int64(1)), Self.echo(.int64(2)), Self.divide(.int64(1))])
      #expect(try rows.map { rows in try rows[0].int64(0) } == [1, 2, 1])
      #expect(database.statistics.trips - before.0 == 1)
      #expect(database.statistics.statements - before.1 == 3)
      // The second fails, the third is skipped: one error for the three.
      #expect(
        await failure { try await database.read([Self.echo(.int64(1)), Self.divide(.int64(0)), Self.echo(.int64(2))]) }?.sqlState
          == "22012")
    }
  }

  @Test func `at its deadline a read times out, and its late answer reaches nobody else`() async throws {
    try await withDatabase { database, _ in
      try await database.ping()
      let slow = Task(executorPreference: database.loop) {
        await failure { try await database.read(Self.nap(.float8(0.3)), deadline: .measured() + .milliseconds(50)) }
      }
      #expect(await slow.value?.isTimeout == true)
      let echoed = try await database.read(Self.echo(.int64(7)))[0].int64(0)
      #expect(echoed == 7)
      #expect(database.statistics.timeouts == 1)
    }
  }

  @Test func `the server stops a read that takes too long`() async throws {
    try await withDatabase({ $0.pointStatementTimeout = .milliseconds(50) }) { database, _ in
      #expect(await failure { try await database.read(Self.nap(.float8(5))) }?.sqlState == "57014")
      let echoed = try await database.read(Self.echo(.int64(7)))[0].int64(0)
      #expect(echoed == 7)
    }
  }

  @Test func `a read that writes is refused`() async throws {
    try await withDatabase { database, server in
      try server.execute("CREATE TABLE t (id int8)")
      #expect(
        await failure { try await database.read(Statement.once("write", "INSERT INTO t VALUES (1)")()) }?.sqlState == "25006")
    }
  }

  @Test func `a killed connection is replaced, and its reads are sent once more`() async throws {
    try await withDatabase { database, server in
      let pid = try await database.read(Self.own())[0].int32(0)
      let pending = Task(executorPreference: database.loop) { try await database.read(Self.nap(.float8(1))).count }
      #expect(
        try await eventually {
          try server.count("SELECT count(*) FROM pg_stat_activity WHERE pid = \(pid) AND state = 'active'") == 1
        })
      try server.execute("SELECT pg_terminate_backend(\(pid))")
      #expect(try await pending.value == 1)
      #expect(try await database.read(Self.own())[0].int32(0) != pid)
      #expect(database.statistics.lost == 1)
    }
  }

  @Test func `a changed result type is met by preparing anew`() async throws {
    try await withDatabase { database, server in
      try server.execute("CREATE TABLE t (a int8); INSERT INTO t VALUES (1)")
      let all = Statement("all_of_t", "SELECT * FROM t")
      #expect(try await database.read(all()).columnCount == 1)
      try server.execute("ALTER TABLE t ADD COLUMN b text")
      #expect(try await database.read(all()).columnCount == 2)
    }
  }

  @Test func `without a server reads fail at once and soon work again when it is back`() async throws {
    let server = try PostgresServer()
    let proxy = try Proxy(to: server.target)
    let options = DatabaseOptions(target: proxy.target).patient
    let loop = try EventLoop(name: "test")
    try loop.start()
    let database = Database(options, loop: loop)
    try await database.ping()
    proxy.line.isOpen = false
    #expect(await eventually { await failure { try await database.ping() }?.isUnavailable == true })
    let start = Instant.measured()
    #expect(await failure { try await database.ping() }?.isUnavailable == true)
    #expect(Instant.measured() - start < .seconds(1))
    proxy.line.isOpen = true
    #expect(await eventually { await failure { try await database.ping() } == nil })
    await database.close(deadline: .measured() + .seconds(1))
    #expect(await failure { try await database.ping() }?.isClosed == true)
    loop.stop()
    loop.join()
  }

  @Test func `a server that hangs is left for a new connection`() async throws {
    let server = try PostgresServer()
    let proxy = try Proxy(to: server.target)
    let options = DatabaseOptions(target: proxy.target).patient
    let loop = try EventLoop(name: "test")
    try loop.start()
    let database = Database(options, loop: loop)
    try await database.ping()
    proxy.line.isFrozen = true
    #expect(await failure { try await database.ping(deadline: .measured() + .milliseconds(100)) }?.isTimeout == true)
    #expect(await eventually { database.statistics.lost == 1 })
    proxy.line.isFrozen = false
    #expect(await eventually { await failure { try await database.ping() } == nil })
    await database.close(deadline: .measured() + .seconds(1))
    loop.stop()
    loop.join()
  }
}
