import TestSupport
import Testing

/// A shop whose region has a reader: a standby of PostgreSQL that really follows, and whose replay can be held up.
@Suite(.enabled(if: ShopProcess.isPossible, "\(ShopProcess.need)")) struct ReaderTests {
  private static let secret = "origin-secret-0123456789abcdef0123456789"

  /// The value of a series: the sum over its label sets that contain `label`.
  private func metric(_ name: String, _ label: String? = nil, at shop: ShopServer) async throws -> Double {
    try await shop.get("/metrics").text.split(separator: "\n")
      .filter { line in line.hasPrefix(name) && label.map { line.contains($0) } ?? true }
      .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
  }

  private func reads(from source: String, at shop: ShopServer) async throws -> Double {
    try await metric("shop_catalogue_reads_total", "source=\"\(source)\"", at: shop)
  }

  /// Asks for products until the reader has given one.
  private func untilReaderAnswers(_ shop: ShopServer) async throws {
    let before = try await reads(from: "reader", at: shop)
    try await until("the reader answers") {
      _ = try await shop.get("/v1/products")
      return try await reads(from: "reader", at: shop) > before
    }
  }

  /// A shop without a cache, so that each request shows what its source says.
  private func withShop(
    maximumLag: Duration = .seconds(60), settings: [String: String] = [:],
    _ body: (PostgresPair, ShopServer) async throws -> Void
  ) async throws {
    let pair = try PostgresPair()
    let settings = ["SHOP_CATALOGUE_CACHE": "off", "SHOP_ORIGIN_SECRET": Self.secret]
      .merging(pair.readerSettings(maximumLag: maximumLag)) { $1 }.merging(settings) { $1 }
    try await body(pair, try await ShopServer.start(pair.database, settings))
  }

  private func price(_ shop: ShopServer) async throws -> String? {
    let reply = try await shop.get("/v1/products/mug")
    #expect(reply.status == 200)
    return reply["variants", "0", "prices", "0", "amount"]
  }

  @Test func `catalogue pages come from the reader, carts and orders from the writer`() async throws {
    let provider = try await PaymentProviderServer()
    try await withShop(settings: provider.settings) { pair, shop in
      let variant = try await Merchant(shop).sell(stock: 5)
      try await untilReaderAnswers(shop)
      try await pair.withReplayPaused {
        // What the reader does not show: a cart, its lines, the order.
        let shopper = try await Shopper.ready(at: shop, variant, 2)
        #expect(try await shopper.look()["lines", "0", "quantity"] == "2")
        let order = try await shopper.complete()
        #expect(order.status == 201)
        #expect(try await shop.get("/v1/orders/\(order["id"] ?? "")", shopper.fields).status == 200)
        #expect(try pair.standby.query("SELECT count(*) FROM sales.orders", in: "shop") == "0")
      }
    }
    await provider.stop()
  }

  @Test func `after an admin's write nobody gets an older answer, however far the reader is behind`() async throws {
    let redis = try CacheRedis()
    // Every answer through Redis, where one that was built too early would stay.
    try await withShop(settings: ["SHOP_CATALOGUE_CACHE": "on", "SHOP_REDIS_URL": redis.url]) { pair, shop in
      let merchant = Merchant(shop)
      let (mug, variants) = try await merchant.sell([Merchant.Goods("MUG", ["USD": 1_299], stock: 3)])
      var settings = pair.readerSettings(maximumLag: .seconds(60))
      settings["SHOP_REDIS_URL"] = redis.url
      let other = try await ShopServer.start(pair.database, settings)
      for shop in [shop, other] { try await untilPageIsRead(shop) }
      try await pair.withReplayPaused {
        #expect(try await merchant.price(variants[0], of: mug, at: 1_499).status == 200)
        #expect(try await price(shop) == "1499")
        try await until("the other process has heard of it") { try await price(other) == "1499" }
        // Longer than any answer is kept in a loop and any generation is believed.
        let enough = try await metric("shop_reader_lag_seconds", at: shop) + 3
        while try await metric("shop_reader_lag_seconds", at: shop) < enough {
          #expect(try await price(shop) == "1499")
          #expect(try await price(other) == "1499")
        }
        #expect(try pair.standby.query("SELECT amount FROM catalogue.price", in: "shop") == "1299")
      }
      for shop in [shop, other] {
        try await untilPageIsRead(shop)
        #expect(try await price(shop) == "1499")
      }
    }
  }

  /// Asks for pages that nobody has asked for, until the reader has given one.
  private func untilPageIsRead(_ shop: ShopServer) async throws {
    let before = try await reads(from: "reader", at: shop)
    try await until("the reader answers") {
      _ = try await shop.get("/v1/search?q=mug+\(Int.random(in: 0..<1_000_000_000))")
      return try await reads(from: "reader", at: shop) > before
    }
  }

  @Test func `a reader that is behind its bound is not asked`() async throws {
    try await withShop(maximumLag: .seconds(10)) { pair, shop in
      _ = try await Merchant(shop).sell(stock: 3)
      try await untilReaderAnswers(shop)
      try await pair.withReplayPaused {
        // By another hand, of which this shop hears nothing.
        try pair.database.execute(
          """
          UPDATE catalogue.price SET amount = 1499;
          SELECT catalogue.refresh(array_agg(id)) FROM catalogue.product
          """)
        #expect(try await price(shop) == "1299")
        try await until("the reader is behind its bound") { try await price(shop) == "1499" }
        #expect(try await metric("shop_reader_lag_seconds", at: shop) > 10)
        #expect(try await price(shop) == "1499")
      }
      try await untilReaderAnswers(shop)
    }
  }

  @Test func `without its reader the shop goes on, and the region's health says so`() async throws {
    try await withShop { pair, shop in
      let variant = try await Merchant(shop).sell(stock: 3)
      try await untilReaderAnswers(shop)
      #expect(try await shop.get("/health/deep", ["Shop-Origin-Secret": Self.secret]).status == 200)
      // Nobody confirms what is written from here on.
      try pair.primary.execute("ALTER SYSTEM RESET synchronous_standby_names")
      try pair.primary.execute("SELECT pg_reload_conf()")
      pair.standby.stop()
      #expect(try await price(shop) == "1299")
      for _ in 0..<5 { #expect(try await shop.get("/v1/products").status == 200) }
      #expect(try await Shopper.enter(shop).add(variant).status == 200)
      try await until("the region is ill") {
        try await shop.get("/health/deep", ["Shop-Origin-Secret": Self.secret]).status == 503
      }
      #expect(try await shop.get("/health")["degraded", "0"] == "reader")
      try pair.standby.start()
      try await untilReaderAnswers(shop)
      try await until("the region is well") {
        try await shop.get("/health/deep", ["Shop-Origin-Secret": Self.secret]).status == 200
      }
    }
  }

  @Test func `while the writer is away its region's reader answers, marked`() async throws {
    try await withShop { pair, shop in
      _ = try await Merchant(shop).sell(stock: 3)
      try await untilReaderAnswers(shop)
      // So that the reader is not fit by its own.
      _ = try await Merchant(shop).sell("CUP", for: 500, stock: 1)
      pair.primary.stop()
      try await until("the reader stands in") {
        let reply = try await shop.get("/v1/products/mug")
        return reply.status == 200 && reply.fields["cache-control"] == "no-store"
          && reply.fields["cache-status"] == "shop; hit; detail=stale"
      }
      #expect(try await shop.get("/health/deep", ["Shop-Origin-Secret": Self.secret]).status == 200)
    }
  }
}
