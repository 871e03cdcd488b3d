import TestSupport
import Testing

/// A server that is killed in the midst of a checkout, and what others make of what it has left behind.
@Suite(.serialized, .enabled(if: ShopProcess.isPossible, "\(ShopProcess.need)"))
struct KilledCheckoutTests {
  /// Where the server is when it dies.
  enum Moment: String, CaseIterable, CustomTestStringConvertible {
    case holding = "while it holds the stock"
    case asking = "before the provider hears of it"
    case waiting = "while the provider works"
    case settling = "when the provider has authorised, before the order is written"
    case committing = "while the order is committed"

    var testDescription: String { rawValue }
    /// Whether the provider has the money by then.
    var isPaid: Bool { self != .holding && self != .asking }
  }

  /// Who finds it.
  enum Finder: String, CaseIterable, CustomTestStringConvertible {
    case shopper = "the shopper's retry"
    case worker = "a worker"
    case everybody = "all at once"

    var testDescription: String { rawValue }
  }

  /// What a killed server leaves behind belongs to nobody until its time is over; here it is over.
  private static let later = """
    UPDATE sales.payment SET next_check_at = now(), created_at = created_at - interval '61 seconds'
     WHERE state IN ('authorizing', 'unknown');
    UPDATE sales.idempotency_key SET lock_until = now() WHERE state = 'running';
    """

  @Test(arguments: Moment.allCases, Finder.allCases)
  func `a checkout whose server is killed becomes one paid order, or nothing`(moment: Moment, finder: Finder) async throws {
    try await CheckoutScene.with(settings: ["SHOP_WORKER": "off"]) { scene in
      let mug = try await scene.merchant.sell(stock: 3)
      let shopper = try await scene.readyShopper(mug)
      try await kill(moment, scene, shopper)
      try scene.database.execute(Self.later)

      let told = try await end(scene, shopper, moment, by: finder)
      let books = Books(scene)
      try await until("everything has come to an end") { try books.open().isEmpty }
      #expect(try await books.faults() == [])
      let orders = try scene.database.query("SELECT count(*) FROM sales.orders")
      switch told.status {
      case 201: #expect(orders == ["1"])
      case 402:
        // The provider was never reached, and is told that it will not be.
        #expect(!moment.isPaid)
        #expect(orders == ["0"])
        #expect(try scene.database.query("SELECT reserved FROM sales.stock_level") == ["0"])
      default: Issue.record("\(told.status): \(told.text)")
      }
      // From now on the answer is the same for ever, at every process.
      let again = try await complete(shopper)
      #expect(again.status == told.status)
      #expect(again.body == told.body)
      #expect(again.fields["idempotency-replayed"] == "true")
    }
  }

  @Test func `what a killed server has left behind is found by the clock alone`() async throws {
    let settings = ["SHOP_CHECKOUT_DEADLINE_MS": "400", "SHOP_PROVIDER_DEADLINE_MS": "200"]
    try await CheckoutScene.with(settings: ["SHOP_WORKER": "off"]) { scene in
      let shopper = try await scene.readyShopper(try await scene.merchant.sell(stock: 1))
      try await kill(.waiting, scene, shopper, settings)
      let other = try await ShopServer.start(scene.database, scene.provider.settings)
      let early = try await complete(shopper.at(other))
      #expect(early["code"] == "idempotency_in_progress", "\(early.text)")
      #expect(early.fields["retry-after"] != nil)
      try await until("the cart is ordered") { try await shopper.look()["status"] == "ordered" }
      let told = try await complete(shopper.at(other))
      #expect(told.status == 201, "\(told.text)")
      #expect(try await Books(scene).faults() == [])
      #expect(try await other.process.terminate() == 0)
    }
  }

  // MARK: The death

  private func complete(_ shopper: Shopper) async throws -> Shopper.Reply {
    try await shopper.complete(total: "1799", key: "the-one-key-of-this-checkout")
  }

  /// Has a server of its own complete the cart, and kills it at the moment.
  private func kill(
    _ moment: Moment, _ scene: CheckoutScene, _ shopper: Shopper, _ settings: [String: String] = [:]
  ) async throws {
    let line = try TCPProxy(to: scene.provider.port)
    let victim = try await ShopServer.start(
      scene.database,
      [
        "SHOP_WORKER": "off", "SHOP_TEST_PROVIDER_URL": "http://127.0.0.1:\(line.port)",
        "SHOP_DATABASE_URL": scene.database.url + "&application_name=victim",
      ].merging(settings) { $1 })
    func sessions(_ condition: String = "true") throws -> Int {
      let counting = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'victim' AND \(condition)"
      return Int(try scene.database.query(counting)[0]) ?? -1
    }
    func isStopped() throws -> Bool { try sessions("wait_event_type = 'Lock'") == 1 }
    func money() async throws -> Int {
      try await scene.provider.get("/authorizations?limit=1000").text.split(separator: "\"auth_op_").count - 1
    }

    var lock: HeldLock?
    if moment == .holding { lock = try await HeldLock(scene.database, "SELECT FROM sales.stock_level FOR UPDATE") }
    if moment == .committing {
      try scene.database.execute(
        """
        CREATE FUNCTION sales.wait_here() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$;
        CREATE TRIGGER wait_here AFTER INSERT ON sales.orders FOR EACH ROW EXECUTE FUNCTION sales.wait_here();
        """)
      lock = try await HeldLock(scene.database, "SELECT pg_advisory_xact_lock(1)")
    }
    line.holdsNewConnections = moment == .asking
    // The provider works, and its answer is on its way for as long as it takes.
    line.isFrozenTowardsClient = moment == .waiting || moment == .settling
    let request = Task { try await complete(shopper.at(victim)) }
    switch moment {
    case .holding: try await until("the stock's lock is waited for") { try isStopped() }
    case .asking: try await until("the provider is being called") { line.accepted == 1 }
    case .waiting: try await until("the provider has authorised") { try await money() == 1 }
    case .settling:
      try await until("the provider has authorised") { try await money() == 1 }
      lock = try await HeldLock(scene.database, "SELECT FROM sales.cart FOR UPDATE")
      line.isFrozenTowardsClient = false
      try await until("the cart's lock is waited for") { try isStopped() }
    case .committing: try await until("the order is being written") { try isStopped() }
    }
    victim.process.kill()
    lock?.release()
    try await until("its sessions have ended") { try sessions() == 0 }
    let answer = await request.result
    #expect(throws: (any Error).self, "the client got an answer: \(answer)") { try answer.get() }
    #expect(try await money() == (moment.isPaid ? 1 : 0))
  }

  // MARK: The end

  /// Returns what the shopper is told in the end.
  private func end(
    _ scene: CheckoutScene, _ shopper: Shopper, _ moment: Moment, by finder: Finder
  ) async throws -> Shopper.Reply {
    let books = Books(scene)
    switch finder {
    case .shopper: return try await retry(shopper)
    case .worker:
      let worker = try ShopProcess(["worker"], ShopProcess.settings(scene.database, scene.provider.settings))
      try await until("the worker has nothing left to do") { try books.open().isEmpty }
      #expect(try await worker.terminate() == 0)
      let told = try await retry(shopper)
      // What was never begun, the worker does not see; what the provider never heard of, it gives up.
      #expect(told.status == (moment == .asking ? 402 : 201), "\(told.text)")
      return told
    case .everybody:
      let worker = try ShopProcess(["worker"], ShopProcess.settings(scene.database, scene.provider.settings))
      let others = try await [
        TestServer.start(database: scene.database, settings: scene.provider.settings),
        TestServer.start(database: scene.database, settings: scene.provider.settings),
      ]
      let replies = try await withThrowingTaskGroup(of: Shopper.Reply.self) { group in
        for index in 0..<6 { group.addTask { try await retry(shopper.at(others[index % 2])) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      for other in others { await other.stop() }
      #expect(try await worker.terminate() == 0)
      #expect(Set(replies.map(\.body)).count == 1, "\(replies.map(\.text))")
      return replies[0]
    }
  }

  /// As a client does it: again with the same key until the answer is a last one.
  private func retry(_ shopper: Shopper) async throws -> Shopper.Reply {
    var told: Shopper.Reply?
    try await until("the shopper is told how it ended") {
      let reply = try await complete(shopper)
      #expect([201, 202, 402, 409].contains(reply.status), "\(reply.text)")
      if reply.status == 409 { #expect(reply["code"] == "idempotency_in_progress", "\(reply.text)") }
      told = reply
      return reply.status == 201 || reply.status == 402
    }
    guard let told else { throw TestFault("no answer") }
    return told
  }
}
