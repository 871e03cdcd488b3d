/// A correction of what is on hand: so many more or fewer, or a counted number.
package struct StockAdjustment: Hashable, Sendable {
  package enum Amount: Hashable, Sendable {
    case delta(Int64)
    /// What was counted; `expected` guards against a sale in between.
    case set(Int64, expected: Int64?)
  }

  package let variant: VariantID
  /// The default location when nil.
  package let location: LocationID?
  package let amount: Amount
  package let reason: String
  /// The merchant's own paper: `PO-1`.
  package let reference: String?

  package init(variant: VariantID, location: LocationID?, amount: Amount, reason: String, reference: String?) {
    self.variant = variant
    self.location = location
    self.amount = amount
    self.reason = reason
    self.reference = reference
  }

  /// An adjustment as it was sent, nothing checked.
  package struct Draft: Hashable, Sendable {
    package var variant: String?
    package var location: String?
    package var delta: Int64?
    package var set: Int64?
    package var expected: Int64?
    package var reason: String?
    package var reference: String?

    package init(
      variant: String? = nil, location: String? = nil, delta: Int64? = nil, set: Int64? = nil, expected: Int64? = nil,
      reason: String? = nil, reference: String? = nil
    ) {
      self.variant = variant
      self.location = location
      self.delta = delta
      self.set = set
      self.expected = expected
      self.reason = reason
      self.reference = reference
    }

    /// The adjustment that may be tried, or every fault.
    package func checked() throws(Refusal) -> StockAdjustment {
      var faults = Faults()
      let variantID = variant.flatMap { VariantID($0) }
      if variant == nil {
        faults.add("/variant_id", .required, "A variant is needed.")
      } else if variantID == nil {
        faults.add("/variant_id", .unknownReference, "Nothing has this id.")
      }
      let locationID = location.flatMap { LocationID($0) }
      if location != nil, locationID == nil { faults.add("/location_id", .unknownReference, "Nothing has this id.") }
      let reason = TextRule.reason.required(reason, at: "/reason", &faults)
      let reference = TextRule.reference.optional(reference, at: "/reference", &faults)
      let amount = checkedAmount(&faults)
      guard faults.isEmpty, let variantID, let amount, let reason else { throw .invalid(faults.all) }
      return StockAdjustment(
        variant: variantID, location: locationID, amount: amount, reason: reason, reference: reference)
    }

    private func checkedAmount(_ faults: inout Faults) -> Amount? {
      switch (delta, set) {
      case (nil, nil):
        faults.add("/delta", .required, "Either delta or set is needed.")
        return nil
      case (.some, .some):
        faults.add("/set", .conflicting, "Either delta or set, not both.")
        return nil
      case (let delta?, nil):
        if expected != nil { faults.add("/expected", .conflicting, "It goes with set only.") }
        guard delta != 0, (-StockLevel.highest...StockLevel.highest).contains(delta) else {
          faults.add("/delta", .outOfRange, "Not 0, and at most \(StockLevel.highest) either way.")
          return nil
        }
        return .delta(delta)
      case (nil, let set?):
        guard (0...StockLevel.highest).contains(set) else {
          faults.add("/set", .outOfRange, "From 0 to \(StockLevel.highest).")
          return nil
        }
        return .set(set, expected: expected)
      }
    }
  }

  /// What is on hand afterwards, and by how much it changed (0 when the count was right).
  package struct Outcome: Hashable, Sendable {
    package let delta: Int64
    package let level: StockLevel
  }

  /// Decides on the locked level; refuses to go below zero or below what is reserved.
  package func decide(on level: StockLevel) throws(Refusal) -> Outcome {
    let onHand: Int64
    let pointer: String
    switch amount {
    case .delta(let delta):
      onHand = level.onHand + delta
      pointer = "/delta"
    case .set(let count, let expected):
      if let expected, expected != level.onHand { throw .stockChanged(onHand: level.onHand) }
      onHand = count
      pointer = "/set"
    }
    guard onHand <= StockLevel.highest else {
      throw .invalid(pointer, .outOfRange, "At most \(StockLevel.highest) on hand.")
    }
    guard onHand >= 0, level.reserved <= onHand + level.backorderLimit else {
      throw .stockReserved(reserved: level.reserved)
    }
    return Outcome(
      delta: onHand - level.onHand,
      level: StockLevel(
        variant: level.variant, location: level.location, onHand: onHand, reserved: level.reserved,
        backorderLimit: level.backorderLimit, version: level.version + 1))
  }
}
