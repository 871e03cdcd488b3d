import TestSupport
import Testing

/// Carts that are completed at once share transactions: nobody may notice.
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct CheckoutTogetherTests {
  @Test func `carts completed at once come to what each would come to alone`() async throws {
    try await CheckoutScene.with { scene in
      let plenty = try await scene.merchant.sell("PLATE", for: 2_000, stock: 1_000)
      // The last units may be fought for in more than one group; each round has its own.
      for round in 1...20 {
        let scarce = try await scene.merchant.sell("CUP\(round)", for: 1_000, stock: 4)
        try await scene.merchant.discount("ONCE\(round)", #""kind":"percentage","basis_points":1000,"usage_limit":1"#)
        try await completeMany(scene, plenty, scarce, code: "ONCE\(round)")
        if try await scene.shop.scrape().sum("shop_database_grouped_transactions_total") > 20 { break }
      }
      #expect(try await scene.shop.scrape().sum("shop_database_grouped_transactions_total") > 20)
      #expect(try await Books(scene).faults() == [])
    }
  }

  @Test func `who knows a cart's id but not its token gets nothing of it, and takes nothing from its owner`() async throws {
    try await CheckoutScene.with { scene in
      let plate = try await scene.merchant.sell("PLATE", for: 2_000, stock: 1_000)
      let other = try await scene.readyShopper(plate)
      for round in 1...10 {
        let owner = try await scene.readyShopper(plate, round)
        let total = try await owner.look()["totals", "total"]
        let stranger = Shopper(shop: owner.shop, cart: owner.cart, token: other.token)
        async let paid = owner.complete(total: total)
        let refused = try await withThrowingTaskGroup(of: Int.self) { group in
          for _ in 1...8 { group.addTask { try await stranger.complete(total: total).status } }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        let order = try await paid
        #expect(order.status == 201, "\(order.text)")
        #expect(order["totals", "total"] == total)
        #expect(Set(refused) == [404])
      }
      #expect(try await Books(scene).faults() == [])
    }
  }

  private func completeMany(_ scene: CheckoutScene, _ plenty: String, _ scarce: String, code: String) async throws {
    var shoppers: [(who: String, shopper: Shopper, payment: String, total: String?)] = []
    func come(_ who: String, _ shopper: Shopper, paying payment: String = "tok_ok", total: String? = nil) async throws {
      shoppers.append((who, shopper, payment, try await shopper.look()["totals", "total"].map { total ?? $0 }))
    }
    for quantity in 1...6 { try await come("buyer", try await scene.readyShopper(plenty, quantity)) }
    for _ in 1...6 { try await come("rival", try await scene.readyShopper(scarce)) }
    for _ in 1...2 {
      let shopper = try await scene.readyShopper(plenty)
      #expect(try await shopper.give(code).status == 200)
      try await come("saver", shopper)
    }
    try await come("haggler", try await scene.readyShopper(plenty), total: "1")
    try await come("broke", try await scene.readyShopper(plenty), paying: "tok_declined")
    let known = try await scene.readyShopper(plenty)
    let stranger = Shopper(shop: known.shop, cart: known.cart, token: shoppers[0].shopper.token)
    shoppers.append(("stranger", stranger, "tok_ok", "2500"))

    let replies = try await withThrowingTaskGroup(of: (String, Shopper, Shopper.Reply).self) { group in
      for (who, shopper, payment, total) in shoppers {
        group.addTask { (who, shopper, try await shopper.complete(paying: payment, total: total)) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    func statuses(_ who: String) -> [Int] { replies.filter { $0.0 == who }.map(\.2.status).sorted() }
    func codes(_ who: String) -> Set<String?> { Set(replies.filter { $0.0 == who && $0.2.status > 299 }.map { $0.2["code"] }) }
    #expect(statuses("buyer") == [201, 201, 201, 201, 201, 201])
    #expect(statuses("rival") == [201, 201, 201, 201, 409, 409] && codes("rival") == ["out_of_stock"])
    #expect(statuses("saver") == [201, 409] && codes("saver").isSubset(of: ["discount_unavailable", "price_changed"]))
    #expect(statuses("haggler") == [409] && codes("haggler") == ["price_changed"])
    #expect(statuses("broke") == [402] && codes("broke") == ["payment_declined"])
    #expect(statuses("stranger") == [404])
    // Every order is its own cart's.
    for (_, shopper, reply) in replies where reply.status == 201 {
      let cart = try await shopper.look()
      #expect(cart["order_id"] == reply["id"] || cart["status"] == "ordered", "\(cart.text)")
      #expect(cart["totals", "total"] == reply["totals", "total"])
      #expect(cart["lines", "0", "quantity"] == reply["lines", "0", "quantity"])
      #expect(reply["lines", "1", "id"] == nil)
    }
  }
}
