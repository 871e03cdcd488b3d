import Shop
import Testing

@Suite struct StockTests {
  private func adjustment(_ amount: StockAdjustment.Amount) -> StockAdjustment {
    StockAdjustment(variant: Sample.id(1), location: nil, amount: amount, reason: "counted", reference: nil)
  }

  @Test func `a delivery adds to what is on hand`() throws {
    let outcome = try adjustment(.delta(10)).decide(on: Sample.level(1, onHand: 11, reserved: 1))
    #expect(outcome.delta == 10)
    #expect(outcome.level.onHand == 21)
    #expect(outcome.level.available == 20)
    #expect(outcome.level.version == 2)
  }

  @Test func `what is reserved cannot be taken away`() {
    let level = Sample.level(1, onHand: 5, reserved: 3)
    #expect(throws: Refusal.stockReserved(reserved: 3)) { try adjustment(.delta(-3)).decide(on: level) }
    #expect(throws: Refusal.stockReserved(reserved: 3)) { try adjustment(.set(2, expected: nil)).decide(on: level) }
    #expect(throws: Refusal.stockReserved(reserved: 0)) { try adjustment(.delta(-6)).decide(on: Sample.level(1, onHand: 5)) }
  }

  @Test func `a count holds only for the stock that was counted`() throws {
    let level = Sample.level(1, onHand: 6)
    #expect(throws: Refusal.stockChanged(onHand: 6)) { try adjustment(.set(12, expected: 7)).decide(on: level) }
    #expect(try adjustment(.set(12, expected: 6)).decide(on: level).delta == 6)
    #expect(try adjustment(.set(6, expected: nil)).decide(on: level).delta == 0)
  }

  @Test func `an adjustment is either a difference or a count, with a reason`() throws {
    let variant = VariantID(UUIDv7(high: 1, low: 1)).description
    let good = try StockAdjustment.Draft(variant: variant, delta: 10, reason: "received", reference: "PO-1").checked()
    #expect(good.amount == .delta(10))
    for (draft, pointers) in [
      (StockAdjustment.Draft(variant: variant, reason: "x"), ["/delta"]),
      (StockAdjustment.Draft(variant: variant, delta: 1, set: 1, reason: "x"), ["/set"]),
      (StockAdjustment.Draft(variant: variant, delta: 0, reason: "x"), ["/delta"]),
      (StockAdjustment.Draft(variant: variant, set: -1, reason: "x"), ["/set"]),
      (StockAdjustment.Draft(variant: variant, delta: 1, expected: 1, reason: "x"), ["/expected"]),
      (
        StockAdjustment.Draft(variant: "var_x", location: "loc_x", delta: .max),
        ["/variant_id", "/location_id", "/reason", "/delta"]
      ),
    ] {
      do {
        _ = try draft.checked()
        Issue.record("accepted \(draft)")
      } catch {
        guard case .invalid(let faults) = error else {
          Issue.record("\(error)")
          return
        }
        #expect(faults.map(\.pointer) == pointers)
      }
    }
  }

  @Test(arguments: [
    (6, 0, Availability.inStock), (5, 0, .low), (1, 0, .low), (0, 0, .out), (-2, 0, .out), (0, 3, .backorder),
    (-2, 3, .backorder),
    (-3, 3, .out),
  ])
  func `shoppers learn the state of stock, not the count`(available: Int64, backorder: Int64, state: Availability) {
    #expect(Availability(available: available, backorderLimit: backorder) == state)
  }
}
