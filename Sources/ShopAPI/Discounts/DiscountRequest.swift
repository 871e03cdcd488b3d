import Shop

/// What admins send of a discount. Faults of the form and of the rules are told together.
enum DiscountRequest {
  static func new(_ context: RequestContext) throws -> DiscountDraft.New {
    var fields = try Fields(context.request)
    var draft = DiscountDraft()
    draft.code = fields.string("code")
    draft.kind = fields.string("kind")
    readTerms(&draft, &fields)
    let new = try fields.check { () throws(Refusal) in try draft.checked() }
    return try fields.finish(new)
  }

  /// A merge patch (RFC 7396) of what may change.
  static func change(_ context: RequestContext) throws -> DiscountDraft {
    var fields = try Fields(context.request)
    // What a discount cannot be without.
    for name in ["once_per_customer", "combinable", "status"] where fields.isNull(name) { fields.require(name) }
    var draft = DiscountDraft()
    readTerms(&draft, &fields)
    try fields.finish()
    return draft
  }

  private static func readTerms(_ draft: inout DiscountDraft, _ fields: inout Fields) {
    draft.basisPoints = orNull("basis_points", &fields) { $0.integer("basis_points") }
    draft.amounts = amounts("amounts", &fields)
    draft.minimumSubtotals = amounts("minimum_subtotals", &fields)
    draft.startsAt = orNull("starts_at", &fields) { $0.timestamp("starts_at") }
    draft.endsAt = orNull("ends_at", &fields) { $0.timestamp("ends_at") }
    draft.usageLimit = orNull("usage_limit", &fields) { $0.integer("usage_limit") }
    draft.isOncePerCustomer = fields.bool("once_per_customer")
    draft.isCombinable = fields.bool("combinable")
    draft.status = fields.string("status")
  }

  /// Null takes the member away.
  private static func orNull<Value>(_ name: String, _ fields: inout Fields, _ read: (inout Fields) -> Value?) -> Value?? {
    let value = read(&fields)
    return fields.isNull(name) ? .some(nil) : value.map { .some($0) }
  }

  /// Null is none.
  private static func amounts(_ name: String, _ fields: inout Fields) -> [PriceDraft]? {
    let amounts = fields.objects(name) { money in
      PriceDraft(amount: money.integer("amount"), currency: money.string("currency"))
    }
    return fields.isNull(name) ? [] : amounts
  }
}
