/// One thing that is wrong with one place of a request.
package struct Fault: Hashable, Sendable {
  /// Where: a JSON pointer (RFC 6901) into the request body, `/lines/0/quantity`; empty for the body as a whole.
  package let pointer: String
  package let code: Code
  /// One sentence for the person who reads the answer; never a secret or something internal.
  package let detail: String

  package init(_ pointer: String, _ code: Code, _ detail: String) {
    self.pointer = pointer
    self.code = code
    self.detail = detail
  }

  /// What programs can rely on.
  package enum Code: String, CaseIterable, Sendable {
    /// A member that must be there is not.
    case required
    /// A member that the request does not know.
    case unknownMember = "unknown_member"
    /// Another JSON type than the member has.
    case mistyped
    /// The right type, but not of the form that the member needs.
    case malformed
    /// A text without a visible character where one is needed.
    case empty
    /// A text beyond its length.
    case tooLong = "too_long"
    /// A number beyond its limits.
    case outOfRange = "out_of_range"
    /// More elements than allowed.
    case tooMany = "too_many"
    /// A word that is not one of those allowed.
    case notAllowed = "not_allowed"
    /// The same thing twice where it must be unique.
    case duplicate
    /// Two members that exclude or contradict each other.
    case conflicting
    /// An id in the body that names nothing.
    case unknownReference = "unknown_reference"
    /// Text that looks like a card number, which the shop never wants to hold.
    case cardNumber = "card_number"
    /// The variant cannot be bought now.
    case notSellable = "not_sellable"
    /// The variant has no price in this currency.
    case notPriced = "not_priced"
    /// Fewer in stock than asked for.
    case outOfStock = "out_of_stock"
    /// There is no such discount code, or none that shoppers may know of.
    case discountUnknown = "discount_unknown"
    /// The code holds later.
    case discountNotStarted = "discount_not_started"
    /// The code held until now.
    case discountExpired = "discount_expired"
    /// The code was used as often as it may be.
    case discountExhausted = "discount_exhausted"
    /// The code is for once, and was used with this e-mail.
    case discountSpent = "discount_spent"
    /// The lines do not come to what the code asks for.
    case discountBelowMinimum = "discount_below_minimum"
    /// The code is not for the cart's currency.
    case discountOtherCurrency = "discount_other_currency"
    /// The code and those before it do not go together.
    case discountNotCombinable = "discount_not_combinable"
  }
}

/// Collects every fault of a request, so that all of them are told at once.
package struct Faults: Sendable {
  package private(set) var all: [Fault] = []

  package init() {}

  package var isEmpty: Bool { all.isEmpty }

  package mutating func add(_ pointer: String, _ code: Fault.Code, _ detail: String) {
    all.append(Fault(pointer, code, detail))
  }

  package mutating func add(contentsOf more: [Fault]) {
    all.append(contentsOf: more)
  }

  /// Refuses with `invalid` when anything was found.
  package func check() throws(Refusal) {
    guard all.isEmpty else { throw .invalid(all) }
  }
}
