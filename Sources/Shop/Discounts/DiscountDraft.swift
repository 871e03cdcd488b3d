/// A discount as it was sent, to be made (`checked`) or, with what is there, to be changed (`checkedChange`).
package struct DiscountDraft: Hashable, Sendable {
  package var code: String?
  package var kind: String?
  /// In the members that follow, nil leaves what is there, `.some(nil)` takes it away.
  package var basisPoints: Int64??
  package var amounts: [PriceDraft]?
  package var minimumSubtotals: [PriceDraft]?
  package var startsAt: Timestamp??
  package var endsAt: Timestamp??
  package var usageLimit: Int64??
  package var isOncePerCustomer: Bool?
  package var isCombinable: Bool?
  package var status: String?

  package init() {}

  /// What a discount is made of.
  package struct New: Hashable, Sendable {
    package let code: DiscountCode
    package let kind: DiscountKind
    package let terms: DiscountTerms
  }

  /// The new discount, or every fault.
  package func checked() throws(Refusal) -> New {
    var faults = Faults()
    let code = code.flatMap { DiscountCode($0) }
    if self.code == nil {
      faults.add("/code", .required, "This is needed.")
    } else if code == nil {
      faults.add("/code", .malformed, DiscountCode.rule)
    }
    let kind = kind.flatMap { DiscountKind(rawValue: $0) }
    if self.kind == nil {
      faults.add("/kind", .required, "This is needed.")
    } else if kind == nil {
      faults.add("/kind", .notAllowed, "One of \(DiscountKind.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    let terms = terms(over: DiscountTerms(), of: kind, &faults)
    guard faults.isEmpty, let code, let kind else { throw .invalid(faults.all) }
    return New(code: code, kind: kind, terms: terms)
  }

  /// The discount's terms with what was sent in place of what they were, or every fault.
  package func checkedChange(of discount: Discount) throws(Refusal) -> DiscountTerms {
    var faults = Faults()
    let terms = terms(over: discount.terms, of: discount.kind, &faults)
    if let limit = terms.usageLimit, limit < discount.used {
      faults.add("/usage_limit", .outOfRange, "It has been used \(discount.used) times.")
    }
    try faults.check()
    return terms
  }

  // MARK: Terms

  private func terms(over old: DiscountTerms, of kind: DiscountKind?, _ faults: inout Faults) -> DiscountTerms {
    var terms = old
    if let basisPoints { terms.basisPoints = basisPoints }
    if let amounts { terms.amounts = Self.money(amounts, "/amounts", from: 1, &faults) }
    if let minimumSubtotals { terms.minimumSubtotals = Self.money(minimumSubtotals, "/minimum_subtotals", from: 0, &faults) }
    // To the millisecond, as they are told.
    if let startsAt { terms.startsAt = startsAt.map { Timestamp(microseconds: $0.milliseconds * 1_000) } }
    if let endsAt { terms.endsAt = endsAt.map { Timestamp(microseconds: $0.milliseconds * 1_000) } }
    if let usageLimit { terms.usageLimit = usageLimit }
    if let isOncePerCustomer { terms.isOncePerCustomer = isOncePerCustomer }
    if let isCombinable { terms.isCombinable = isCombinable }
    if let status {
      if let known = DiscountStatus(rawValue: status) {
        terms.status = known
      } else {
        faults.add("/status", .notAllowed, "One of \(DiscountStatus.allCases.map(\.rawValue).joined(separator: ", ")).")
      }
    }
    check(terms, of: kind, &faults)
    return terms
  }

  /// What holds of all members together.
  private func check(_ terms: DiscountTerms, of kind: DiscountKind?, _ faults: inout Faults) {
    Self.check(terms.basisPoints, in: DiscountLimits.basisPoints, "/basis_points", &faults)
    Self.check(terms.usageLimit, in: DiscountLimits.usageLimits, "/usage_limit", &faults)
    switch kind {
    case .percentage:
      if terms.basisPoints == nil { faults.add("/basis_points", .required, "A percentage needs them: 10 % is 1000.") }
      // Not even null or none: what is sent of the other kind is a mistake.
      if amounts != nil { faults.add("/amounts", .conflicting, "A percentage has no amounts.") }
    case .fixedAmount:
      if basisPoints != nil { faults.add("/basis_points", .conflicting, "A fixed amount has none.") }
      // Of amounts that are wrong enough has been said.
      if terms.amounts.isEmpty, amounts?.isEmpty ?? true {
        faults.add("/amounts", .required, "A fixed amount needs one at least.")
      }
    case nil: break
    }
    if !terms.amounts.isEmpty, !terms.minimumSubtotals.isEmpty,
      Set(terms.amounts.map(\.currency)) != Set(terms.minimumSubtotals.map(\.currency))
    {
      faults.add("/minimum_subtotals", .conflicting, "One for each currency of the amounts, or none.")
    }
    if let start = terms.startsAt, let end = terms.endsAt, start >= end {
      faults.add(startsAt == nil || endsAt != nil ? "/ends_at" : "/starts_at", .conflicting, "It must start before it ends.")
    }
  }

  private static func check(_ number: Int64?, in range: ClosedRange<Int64>, _ pointer: String, _ faults: inout Faults) {
    guard let number, !range.contains(number) else { return }
    faults.add(pointer, .outOfRange, "From \(range.lowerBound) to \(range.upperBound).")
  }

  private static func money(_ drafts: [PriceDraft], _ pointer: String, from least: Int64, _ faults: inout Faults) -> [Money] {
    guard drafts.count <= DiscountLimits.currencies else {
      faults.add(pointer, .tooMany, "At most \(DiscountLimits.currencies) currencies.")
      return []
    }
    for (index, draft) in drafts.enumerated() where draft.amount.map({ $0 >= 0 && $0 < least }) ?? false {
      faults.add("\(pointer)/\(index)/amount", .outOfRange, "From \(least) to \(Money.highestPrice) minor units.")
    }
    return PriceDraft.checked(drafts, at: pointer, &faults).map(\.money)
  }
}
