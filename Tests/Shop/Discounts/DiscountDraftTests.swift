import Shop
import Testing

@Suite struct DiscountDraftTests {
  private func draft(_ set: (inout DiscountDraft) -> Void) -> DiscountDraft {
    var draft = DiscountDraft()
    draft.code = "Summer10"
    draft.kind = "percentage"
    draft.basisPoints = 1_000
    set(&draft)
    return draft
  }

  private func faults(_ set: (inout DiscountDraft) -> Void) -> [String] {
    do {
      _ = try draft(set).checked()
      return []
    } catch {
      guard case .invalid(let faults) = error else { return ["\(error)"] }
      return faults.map { "\($0.pointer) \($0.code.rawValue)" }
    }
  }

  @Test func `a code is kept in capitals, and is visible ASCII of a length that can be typed`() throws {
    #expect(try draft { _ in }.checked().code.text == "SUMMER10")
    #expect(DiscountCode("summer10") == DiscountCode("SUMMER10"))
    for text in ["ab", "", "with blank", "été", String(repeating: "x", count: 65), "a\nb"] { #expect(DiscountCode(text) == nil) }
    #expect(DiscountCode(String(repeating: "x", count: 64)) != nil)
  }

  @Test func `everything that is wrong with a discount is told at once`() {
    #expect(
      faults {
        $0.code = "x"
        $0.kind = "gift"
        $0.usageLimit = 0
        $0.status = "on"
        $0.minimumSubtotals = [PriceDraft(amount: -1, currency: "USD"), PriceDraft(amount: 1, currency: "usd")]
      } == [
        "/code malformed", "/kind not_allowed", "/minimum_subtotals/0/amount out_of_range",
        "/minimum_subtotals/1/currency not_allowed", "/status not_allowed", "/usage_limit out_of_range",
      ])
    #expect(faults { $0.basisPoints = .some(nil) } == ["/basis_points required"])
    #expect(faults { $0.basisPoints = 10_001 } == ["/basis_points out_of_range"])
    for amounts in [[PriceDraft(amount: 5, currency: "USD")], []] {
      #expect(faults { $0.amounts = amounts } == ["/amounts conflicting"])
    }
    #expect(
      faults {
        $0.startsAt = Sample.now
        $0.endsAt = Sample.now
      } == ["/ends_at conflicting"])
  }

  @Test func `a fixed amount is for each currency once, and a minimum for the same currencies or for none`() {
    func fixed(_ amounts: [PriceDraft], minimum: [PriceDraft] = []) -> [String] {
      faults {
        $0.kind = "fixed_amount"
        $0.basisPoints = nil
        $0.amounts = amounts
        $0.minimumSubtotals = minimum
      }
    }
    let (dollars, euros) = (PriceDraft(amount: 500, currency: "USD"), PriceDraft(amount: 450, currency: "EUR"))
    #expect(fixed([dollars, euros]) == [])
    #expect(fixed([]) == ["/amounts required"])
    #expect(fixed([dollars, dollars]) == ["/amounts/1/currency duplicate"])
    #expect(fixed([PriceDraft(amount: 0, currency: "USD")]) == ["/amounts/0/amount out_of_range"])
    #expect(fixed([dollars, euros], minimum: [dollars]) == ["/minimum_subtotals conflicting"])
    #expect(fixed([dollars, euros], minimum: [euros, dollars]) == [])
  }

  @Test func `a change keeps what it does not name, and cannot take back what was used`() throws {
    let new = try draft {
      $0.usageLimit = 10
      $0.endsAt = Sample.now
    }.checked()
    let discount = Discount(
      id: Sample.id(1), code: new.code, kind: new.kind, terms: new.terms, used: 7, version: 1, createdAt: Sample.now,
      updatedAt: Sample.now)
    var change = DiscountDraft()
    change.endsAt = .some(nil)
    change.status = "disabled"
    let terms = try change.checkedChange(of: discount)
    #expect(terms.endsAt == nil && terms.status == .disabled && terms.usageLimit == 10 && terms.basisPoints == 1_000)
    change.usageLimit = 7
    #expect(try change.checkedChange(of: discount).usageLimit == 7)
    change.usageLimit = 6
    #expect(throws: Refusal.invalid("/usage_limit", .outOfRange, "It has been used 7 times.")) {
      try change.checkedChange(of: discount)
    }
  }
}
