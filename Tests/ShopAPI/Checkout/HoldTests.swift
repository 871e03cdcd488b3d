import TestSupport
import Testing

/// Stock that is held for a shopper, and what becomes of the hold.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct HoldTests {
  private func reserved(_ scene: CheckoutScene) throws -> [String] {
    try scene.database.query("SELECT reserved FROM sales.stock_level ORDER BY variant_id")
  }

  @Test func `a hold keeps stock for a quarter of an hour, and holding again extends it`() async throws {
    try await CheckoutScene.with { scene in
      let mug = try await scene.merchant.sell(stock: 3)
      let shopper = try await Shopper.enter(scene.shop)
      #expect(try await shopper.hold()["code"] == "cart_empty")
      let line = try #require(try await shopper.add(mug, 2)["lines", "0", "id"])
      #expect(try reserved(scene) == ["0"])
      let held = try await shopper.hold()
      #expect(held.status == 200, "\(held.text)")
      #expect(held["holds", "0", "line_id"] == line)
      #expect(held["holds", "0", "variant_id"] == mug)
      #expect(held["holds", "0", "quantity"] == "2")
      #expect(try reserved(scene) == ["2"])
      let inTime = """
        SELECT count(*) FROM sales.reservation
         WHERE state = 'held' AND expires_at BETWEEN now() + interval '14 minutes' AND now() + interval '15 minutes'
        """
      #expect(try scene.database.query(inTime) == ["1"])
      // The holder's own quote is not short of what it holds; others' are.
      #expect(try await shopper.quote()["problems"] == "0 elements")
      let rival = try await scene.readyShopper(mug, 2)
      #expect(try await rival.quote()["problems", "0", "available"] == "1")

      try scene.database.execute("UPDATE sales.reservation SET expires_at = now() + interval '1 minute'")
      #expect(try await shopper.hold().status == 200)
      #expect(try scene.database.query(inTime) == ["1"])
      #expect(try reserved(scene) == ["2"])
      // A hold follows the cart.
      try await shopper.change(line, to: 3)
      #expect(try await shopper.hold()["holds", "0", "quantity"] == "3")
      #expect(try reserved(scene) == ["3"])
      try await shopper.change(line, to: 4)
      let short = try await shopper.hold()
      #expect(short["code"] == "out_of_stock")
      #expect(short["available", "0", "available"] == "3")
      #expect(try reserved(scene) == ["3"])
    }
  }

  @Test func `completing takes the hold over, and others find nothing left`() async throws {
    try await CheckoutScene.with { scene in
      let mug = try await scene.merchant.sell(stock: 2)
      let holder = try await scene.readyShopper(mug, 2)
      let rival = try await scene.readyShopper(mug)
      #expect(try await holder.hold().status == 200)
      let refused = try await rival.complete()
      #expect(refused.status == 409)
      #expect(refused["code"] == "out_of_stock")
      #expect(refused["errors", "0", "pointer"] == "/lines/0")
      #expect(refused["available", "0", "variant_id"] == mug)
      #expect(refused["available", "0", "requested"] == "1")
      #expect(refused["available", "0", "available"] == "0")
      #expect(try await rival.look()["status"] == "active")
      let order = try await holder.complete()
      #expect(order.status == 201, "\(order.text)")
      #expect(try reserved(scene) == ["2"])
      #expect(
        try scene.database.query("SELECT state, sum(quantity) FROM sales.reservation GROUP BY state ORDER BY state")
          == ["committed|2"])
    }
  }

  @Test(arguments: ["on", "off"])
  func `a hold whose time is over is the next shopper's`(worker: String) async throws {
    try await CheckoutScene.with(settings: ["SHOP_WORKER": worker]) { scene in
      let mug = try await scene.merchant.sell(stock: 1)
      let holder = try await scene.readyShopper(mug)
      let rival = try await scene.readyShopper(mug)
      #expect(try await holder.hold().status == 200)
      try scene.database.execute("UPDATE sales.reservation SET expires_at = now() - interval '1 second'")
      if worker == "on" { try await until("the worker has ended the hold") { try reserved(scene) == ["0"] } }
      // Without a worker the stock is swept when it is needed.
      let order = try await rival.complete()
      #expect(order.status == 201, "\(order.text)")
      #expect(try reserved(scene) == ["1"])
      #expect(
        try scene.database.query("SELECT state FROM sales.reservation ORDER BY id") == ["expired", "committed"])
      #expect(try await holder.complete()["code"] == "out_of_stock")
    }
  }

  @Test func `holding again changes the holds that are there, and leaves none behind`() async throws {
    try await CheckoutScene.with { scene in
      let variants = try await scene.merchant.sell([
        .init("MUG", ["USD": 1_299]), .init("JUG", ["USD": 2_299]), .init("CUP", ["USD": 999]),
      ]).variants
      let shopper = try await Shopper.enter(scene.shop)
      for variant in variants { try await shopper.add(variant) }
      for _ in 0..<4 { #expect(try await shopper.hold()["holds"] == "3 elements") }
      #expect(try scene.database.query("SELECT count(*) FROM sales.reservation") == ["3"])
      // What is taken out of the cart is no longer held, what comes in is.
      let line = try #require(try await shopper.look()["lines", "0", "id"])
      try await shopper.change(line, to: 0)
      #expect(try await shopper.hold()["holds"] == "2 elements")
      try await shopper.add(variants[0], 2)
      try await shopper.fillIn()
      #expect(try await shopper.hold()["holds"] == "3 elements")
      #expect(try scene.database.query("SELECT reserved FROM sales.stock_level ORDER BY reserved") == ["1", "1", "2"])
      #expect(try await shopper.complete().status == 201)
      #expect(
        try scene.database.query("SELECT state, quantity FROM sales.reservation ORDER BY state, quantity")
          == ["committed|1", "committed|1", "committed|2", "released|1"])
    }
  }

  @Test func `what is not for sale any more is not held`() async throws {
    try await CheckoutScene.with { scene in
      let (product, variants) = try await scene.merchant.sell([.init("MUG", ["USD": 1_299])])
      let shopper = try await Shopper.enter(scene.shop)
      try await shopper.add(variants[0])
      #expect(try await scene.shop.post("/v1/admin/products/\(product)/archive", "{}", scene.merchant.fields).status == 200)
      let refused = try await shopper.hold()
      #expect(refused.status == 409, "\(refused.text)")
      #expect(refused["code"] == "not_sellable")
      #expect(refused["errors", "0", "pointer"] == "/lines/0")
      #expect(try reserved(scene) == ["0"])
    }
  }

  @Test func `a shopper's hold ends the overdue holds of what it needs, however many others are overdue`() async throws {
    try await CheckoutScene.with(settings: ["SHOP_WORKER": "off"]) { scene in
      let mug = try await scene.merchant.sell(stock: 1)
      try await scene.merchant.sell([.init("JUG", ["USD": 2_299], stock: 250)], title: "Jug")
      let holder = try await scene.readyShopper(mug)
      #expect(try await holder.hold().status == 200)
      try scene.database.execute(
        """
        UPDATE sales.reservation SET expires_at = now() - interval '1 second';
        INSERT INTO sales.reservation (id, cart_id, line_id, variant_id, location_id, quantity, state, expires_at)
          SELECT gen_random_uuid(), r.cart_id, gen_random_uuid(), s.variant_id, s.location_id, 1, 'held', now() - interval '1 hour'
            FROM sales.stock_level s, sales.reservation r, generate_series(1, 250) WHERE s.on_hand = 250;
        UPDATE sales.stock_level SET reserved = 250 WHERE on_hand = 250;
        """)
      let rival = try await scene.readyShopper(mug)
      let held = try await rival.hold()
      #expect(held.status == 200, "\(held.text)")
    }
  }

  @Test func `a payment under way holds on, whatever the clock says`() async throws {
    try await CheckoutScene.with { scene in
      let mug = try await scene.merchant.sell(stock: 1)
      let payer = try await scene.readyShopper(mug)
      let rival = try await scene.readyShopper(mug)
      #expect(try await payer.hold().status == 200)
      #expect(try await payer.complete(paying: "tok_requires_action").status == 202)
      #expect(try scene.database.query("SELECT expires_at IS NULL FROM sales.reservation WHERE state = 'paying'") == ["t"])
      #expect(try await rival.complete()["code"] == "out_of_stock")
      #expect(try await rival.hold()["code"] == "out_of_stock")
      #expect(try await payer.hold()["code"] == "checkout_in_progress")
    }
  }

  @Test func `all lines are held or none`() async throws {
    try await CheckoutScene.with { scene in
      let variants = try await scene.merchant.sell([
        .init("MUG", ["USD": 1_299], stock: 5), .init("JUG", ["USD": 2_299], stock: 1), .init("CUP", ["USD": 999], stock: 0),
      ]).variants
      let shopper = try await Shopper.enter(scene.shop)
      for variant in variants { try await shopper.add(variant, 2) }
      try await shopper.fillIn()
      for refused in [try await shopper.hold(), try await shopper.complete()] {
        #expect(refused.status == 409)
        #expect(refused["code"] == "out_of_stock")
        #expect([refused["errors", "0", "pointer"], refused["errors", "1", "pointer"]] == ["/lines/1", "/lines/2"])
        #expect(refused["errors"] == "2 elements")
        #expect(
          [refused["available", "0", "variant_id"], refused["available", "1", "variant_id"]] == [variants[1], variants[2]])
        #expect([refused["available", "0", "available"], refused["available", "1", "available"]] == ["1", "0"])
      }
      #expect(try scene.database.query("SELECT DISTINCT reserved FROM sales.stock_level") == ["0"])
    }
  }

  @Test func `throwing a cart away gives its holds back`() async throws {
    try await CheckoutScene.with { scene in
      let mug = try await scene.merchant.sell(stock: 1)
      let shopper = try await scene.readyShopper(mug)
      #expect(try await shopper.hold().status == 200)
      #expect(try await scene.shop.delete(shopper.cart, shopper.fields).status == 204)
      #expect(try reserved(scene) == ["0"])
    }
  }
}
