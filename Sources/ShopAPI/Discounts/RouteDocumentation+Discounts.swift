import JSON
import Shop

extension RouteDocumentation {
  private static let discount = Schema.component(.discount)

  static let createDiscount = RouteDocumentation(
    "createDiscount", .discounts, "Makes a discount code",
    body: .oneOf([.component(.newPercentage), .component(.newFixedAmount)]), key: .accepted,
    answers: [Answer(201, "The discount.", discount, [.location, .entityTag, .replayed])], refusals: [.discountCodeTaken])

  static let listDiscounts = RouteDocumentation(
    "listDiscounts", .discounts, "Lists discount codes, newest first",
    query: [
      .query("status", .choice(DiscountStatus.self), "Only those."), .query("code", .discountCode, "Only this one."), .limit,
      .after,
    ],
    answers: [Answer(200, "A page of discounts.", .page(of: .discount), [.links])])

  static let readDiscount = RouteDocumentation(
    "readDiscount", .discounts, "Shows a discount and how often it was used",
    answers: [Answer(200, "The discount.", discount, [.entityTag])])

  static let changeDiscount = RouteDocumentation(
    "changeDiscount", .discounts, "Changes the members that are sent; orders keep what they got",
    body: .component(.discountChange), key: .accepted, precondition: .required,
    answers: [Answer(200, "The discount.", discount, [.entityTag, .replayed])])
}

extension Schema {
  /// Case does not matter where it is sent.
  static let discountCode = text(DiscountCode.lengths, pattern: "^[!-~]+$")
  /// As it is kept.
  static let keptDiscountCode = text(DiscountCode.lengths, pattern: "^[!-`{-~]+$")

  fileprivate static let basisPoints = integer(DiscountLimits.basisPoints).noted("Hundredths of a percent: 10 % is 1000.")
  fileprivate static let usageLimit = integer(DiscountLimits.usageLimits)
  /// A time that is sent. A fraction beyond milliseconds is dropped.
  fileprivate static let sentTime = text(
    pattern:
      "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z$")

  fileprivate static func amounts(from least: Int64, atLeast count: Int = 0) -> Schema {
    .list(
      .request(["amount": .integer(least...Money.highestPrice), "currency": .currency]), count...DiscountLimits.currencies)
  }
  fileprivate static let minimumSubtotals = amounts(from: 0).noted(
    "What the lines must come to, before discounts: one for each currency of the amounts. Of a percentage: for carts in these currencies alone."
  )
}

extension Component {
  static let discount = Component("Discount") {
    .view([
      "id": .id(DiscountIDKind.self),
      "code": .keptDiscountCode,
      "kind": .choice(DiscountKind.self),
      "basis_points": Schema.basisPoints.orNull,
      "amounts": .list(.money, 0...DiscountLimits.currencies),
      "minimum_subtotals": .list(.money, 0...DiscountLimits.currencies),
      "starts_at": Schema.timestamp.orNull,
      "ends_at": Schema.timestamp.orNull,
      "usage_limit": Schema.usageLimit.orNull,
      "used": Schema.count.noted("By orders, and by carts that are being paid for. No part of the version."),
      "once_per_customer": Schema.boolean.noted("Counts uses since it was said, by e-mail."),
      "combinable": Schema.boolean.noted("Whether it may stand beside other codes that are combinable."),
      "status": .choice(DiscountStatus.self),
      "version": .version,
      "created_at": .timestamp,
      "updated_at": .timestamp,
    ])
  }

  static let newPercentage = Component("NewPercentageDiscount") {
    new(
      ["kind": .words([DiscountKind.percentage.rawValue]), "code": .discountCode, "basis_points": .basisPoints],
      ["minimum_subtotals": .minimumSubtotals.orNull])
  }

  static let newFixedAmount = Component("NewFixedAmountDiscount") {
    new(
      ["kind": .words([DiscountKind.fixedAmount.rawValue]), "code": .discountCode, "amounts": .amounts(from: 1, atLeast: 1)],
      ["minimum_subtotals": .minimumSubtotals.orNull])
  }

  /// A merge patch.
  static let discountChange = Component("DiscountChange") {
    .request(
      optional: [
        "basis_points": .basisPoints, "amounts": .amounts(from: 1, atLeast: 1),
        "minimum_subtotals": .minimumSubtotals.orNull, "starts_at": Schema.sentTime.orNull, "ends_at": Schema.sentTime.orNull,
        "usage_limit": Schema.usageLimit.orNull, "once_per_customer": .boolean, "combinable": .boolean,
        "status": .choice(DiscountStatus.self),
      ])
  }

  private static func new(_ required: KeyValuePairs<String, Schema>, _ more: KeyValuePairs<String, Schema>) -> Schema {
    let common: KeyValuePairs<String, Schema> = [
      "starts_at": Schema.sentTime.orNull, "ends_at": Schema.sentTime.orNull, "usage_limit": Schema.usageLimit.orNull,
      "once_per_customer": Schema.boolean.orNull, "combinable": Schema.boolean.orNull,
      "status": Schema.choice(DiscountStatus.self).orNull,
    ]
    return Schema(
      .object(
        Schema.members(required, areRequired: true) + Schema.members(more, areRequired: false)
          + Schema.members(common, areRequired: false), others: .refused, most: nil))
  }
}
