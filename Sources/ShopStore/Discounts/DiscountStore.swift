import Postgres
import Shop

/// Discount codes as the merchant makes and changes them.
package struct DiscountStore: Sendable {
  private let database: Database
  private let idempotency: IdempotencyStore
  private let ids: IdentifierSource

  package init(_ database: Database, idempotency: IdempotencyStore, ids: IdentifierSource) {
    self.database = database
    self.idempotency = idempotency
    self.ids = ids
  }

  /// Makes the answer of a command that makes or changes a discount.
  package typealias Answer = (Discount) throws -> KeptAnswer

  // MARK: Reading

  /// Refuses with `notFound`.
  package func discount(_ id: DiscountID, deadline: Deadline) async throws -> Discount {
    try Self.discount(try await database.read(DiscountStatements.byID(.value(id)), deadline: deadline))
  }

  /// Newest first, from behind `start` on.
  package func discounts(
    status: DiscountStatus?, code: DiscountCode?, after start: DiscountID?, limit: Int, deadline: Deadline
  ) async throws -> (discounts: [Discount], hasNext: Bool) {
    let rows = try await database.query(
      DiscountStatements.page(
        .uuid(start?.uuidBytes ?? UUIDBytes(high: .max, low: .max)), .value(status?.rawValue), .value(code?.text),
        .int64(Int64(limit + 1))), deadline: deadline)
    let found = try rows.map { try DiscountRows.discount($0) }
    return (Array(found.prefix(limit)), found.count > limit)
  }

  private static func discount(_ rows: Rows?) throws -> Discount {
    guard let row = rows?.first else { throw Refusal.notFound }
    return try DiscountRows.discount(row)
  }

  // MARK: Writing

  /// Refuses with `discountCodeTaken`.
  package func create(
    _ new: DiscountDraft.New, keyed: KeyedRequest?, _ moment: Moment, render: Answer
  ) async throws -> GivenAnswer {
    let id: DiscountID = ids.next()
    return try await idempotency.answer(keyed, moment) { transaction, isLast in
      let insert = DiscountStatements.insert.bind(
        Self.parameters(id, new.terms) + [.text(new.code.text), .text(new.kind.rawValue)])
      let rows = try await transaction.run(
        [insert, Self.amounts(id, new.terms), DiscountStatements.byID(.value(id))], isLast: isLast)
      return try render(try Self.discount(rows.last))
    }
  }

  /// Refuses with `notFound`, `stale`, or `invalid` where the terms cannot be what they would be.
  package func change(
    _ id: DiscountID, _ draft: DiscountDraft, if condition: VersionCondition, keyed: KeyedRequest?, _ moment: Moment,
    render: Answer
  ) async throws -> GivenAnswer {
    try await idempotency.answer(keyed, moment) { transaction, isLast in
      let present = try Self.discount(try await transaction.run(DiscountStatements.lock(.value(id))))
      try condition.check(present.version)
      let terms = try draft.checkedChange(of: present)
      let rows = try await transaction.run(
        [
          DiscountStatements.update.bind(Self.parameters(id, terms)), DiscountStatements.deleteAmounts(.value(id)),
          Self.amounts(id, terms), DiscountStatements.byID(.value(id)),
        ], isLast: isLast)
      return try render(try Self.discount(rows.last))
    }
  }

  private static func parameters(_ id: DiscountID, _ terms: DiscountTerms) -> [Parameter] {
    [
      .value(id), .value(terms.basisPoints.map { Int32(clamping: $0) }), .value(terms.startsAt), .value(terms.endsAt),
      .value(terms.usageLimit), .bool(terms.isOncePerCustomer), .bool(terms.isCombinable), .text(terms.status.rawValue),
    ]
  }

  private static func amounts(_ id: DiscountID, _ terms: DiscountTerms) -> Query {
    let currencies = Set((terms.amounts + terms.minimumSubtotals).map(\.currency)).sorted()
    func amounts(_ money: [Money]) -> Parameter {
      .optionalInt64s(currencies.map { currency in money.first { $0.currency == currency }?.amount })
    }
    return DiscountStatements.insertAmounts(
      .value(id), .texts(currencies.map(\.code)), amounts(terms.amounts), amounts(terms.minimumSubtotals))
  }
}
