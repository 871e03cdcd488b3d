import Postgres
import Shop

/// Reads payments that are not at their end from the columns of `PaymentStatements`.
enum PaymentRows {
  static func attempt(_ row: Row) throws -> PaymentAttempt {
    PaymentAttempt(
      payment: PaymentID(try row.uuid(0)), cart: CartID(try row.uuid(1)),
      operation: try row.optionalUUID(2).map { OperationID($0) }, provider: try row.string(3),
      amount: Money(try row.int64(5), try row.storedCurrency(4)), startedAt: try row.storedTimestamp(6),
      status: try status(row, 7), checks: try row.int(8))
  }

  static func void(_ row: Row) throws -> PaymentVoid {
    PaymentVoid(
      operation: OperationID(try row.uuid(9)), authorisation: OperationID(try row.uuid(2)), attempt: try attempt(row),
      checks: try row.int(10))
  }

  static func status(_ row: Row, _ column: Int) throws -> PaymentStatus {
    guard let status = PaymentStatus(rawValue: try row.string(column)) else {
      throw StoredJSON.Malformed(member: "payment state")
    }
    return status
  }
}
