import TestSupport
import Testing

/// Several workers over one database, and one that dies: as `shop worker` and within `shop serve`.
@Suite(.serialized, .enabled(if: ShopProcess.isPossible, "\(ShopProcess.need)"))
struct ManyWorkersTests {
  /// More than a worker takes at once.
  private static let payments = 9
  private static let holds = 450

  /// A shop without a worker, in which payments wait for their outcome and holds for their end: none is due yet.
  private func withWork(
    _ provider: ScriptedProvider, _ body: (TestDatabase) async throws -> Void
  ) async throws {
    let answers: ScriptedProvider.Script = { call, _ in call.isAuthorisation ? .processing : .authorised }
    provider.follow(answers)
    let database = try TestDatabase()
    try await TestServer.with(database: database, settings: provider.settings.merging(["SHOP_WORKER": "off"]) { $1 }) { shop in
      let mug = try await Merchant(shop).sell(stock: 1_000)
      for _ in 0..<Self.payments {
        let waiting = try await Shopper.ready(at: shop, mug).complete(total: "1799")
        #expect(waiting.status == 202, "\(waiting.text)")
      }
      let holder = try await Shopper.ready(at: shop, mug, 2)
      #expect(try await holder.hold().status == 200)
      try database.execute(
        """
        INSERT INTO sales.reservation (id, cart_id, line_id, variant_id, location_id, quantity, state, expires_at)
          SELECT gen_random_uuid(), cart_id, gen_random_uuid(), variant_id, location_id, 1, 'held', now() + interval '1 hour'
            FROM sales.reservation, generate_series(2, \(Self.holds)) WHERE state = 'held';
        UPDATE sales.stock_level SET reserved = reserved + \(Self.holds) - 1;
        UPDATE sales.payment SET next_check_at = now() + interval '1 hour';
        """)
      try await body(database)
    }
  }

  private static let due = """
    UPDATE sales.reservation SET expires_at = now() - interval '1 second' WHERE state = 'held';
    UPDATE sales.payment SET next_check_at = now() WHERE state = 'unknown';
    """

  private func expectAllDone(_ database: TestDatabase) async throws {
    try await until("every payment and every hold has its end") {
      try Books(database).open().isEmpty
        && database.query("SELECT count(*) FROM sales.reservation WHERE state = 'held'") == ["0"]
    }
    #expect(try await Books(database).faults() == [])
    #expect(try database.query("SELECT count(*) FROM sales.orders") == ["\(Self.payments)"])
    #expect(try database.query("SELECT reserved FROM sales.stock_level") == ["\(Self.payments)"])
    #expect(try database.query("SELECT count(*) FROM sales.reservation WHERE state = 'expired'") == ["\(Self.holds)"])
  }

  private func start(_ command: String, _ database: TestDatabase, _ provider: ScriptedProvider) async throws -> ShopProcess {
    let process = try ShopProcess(
      [command],
      ShopProcess.settings(
        database, ["SHOP_DATABASE_URL": database.url + "&application_name=worker"].merging(provider.settings) { $1 }))
    try await process.line(saying: command == "worker" ? "worker started" : "ready")
    return process
  }

  @Test(arguments: ["worker", "serve"])
  func `two workers end each hold once and ask for each payment once between them`(command: String) async throws {
    let provider = try await ScriptedProvider { _, _ in .failed }
    try await withWork(provider) { database in
      var workers: [ShopProcess] = []
      for _ in 0..<2 { workers.append(try await start(command, database, provider)) }
      try database.execute(Self.due)
      try await expectAllDone(database)
      let asked = provider.calls.filter { !$0.isAuthorisation }
      #expect(asked.count == Self.payments)
      #expect(Set(asked).count == Self.payments)
      for worker in workers { #expect(try await worker.terminate() == 0) }
    }
    await provider.stop()
  }

  @Test(arguments: ["worker", "serve"])
  func `what a worker is at when it is killed, another ends once`(command: String) async throws {
    let provider = try await ScriptedProvider { _, _ in .failed }
    let gate = Gate()
    try await withWork(provider) { database in
      provider.follow { call, _ in call.isAuthorisation ? .processing : .after(gate, .authorised) }
      let killed = try await start(command, database, provider)
      let lock = try await HeldLock(database, "SELECT FROM sales.stock_level FOR UPDATE")
      try database.execute(Self.due)
      try await until("it asks for all the payments that it takes at once") { gate.waiting == 8 }
      try await until("it is about to end holds") {
        try database.query(
          "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'worker' AND wait_event_type = 'Lock'") == ["t"]
      }
      killed.kill()
      lock.release()
      gate.open()
      try await until("its sessions have ended") {
        try database.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'worker'") == ["0"]
      }
      #expect(try database.query("SELECT count(*) FROM sales.orders") == ["0"])
      // The claims of the dead last for a while; here it is over.
      try database.execute(Self.due)
      let other = try await start(command, database, provider)
      try await expectAllDone(database)
      #expect(try await other.terminate() == 0)
    }
    await provider.stop()
  }
}
