import HTTP
import Shop
import ShopStore
import Testing

@testable import ShopAPI

struct RequestContextTests {
  private func context(_ head: String, body: String = "", principal: Principal = .admin) throws -> RequestContext {
    RequestContext(
      request: try wireRequest(head, body: body), parameters: [], id: RequestID(UUIDv7(high: 0, low: 0)), principal: principal,
      deadline: Deadline(nanoseconds: 0), now: Timestamp(microseconds: 0))
  }

  private func code(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return (error as? Refusal)?.code
    }
  }

  @Test func `a key is read bare or quoted`() throws {
    for value in ["order-7", "\"order-7\""] {
      #expect(try context("POST / HTTP/1.1\nIdempotency-Key: \(value)").keyedAsRequired().key == "order-7")
    }
    #expect(try context("POST / HTTP/1.1").keyed() == nil)
  }

  @Test func `a key that is missing, malformed, sent twice or guessable is refused`() throws {
    #expect(code { _ = try context("POST / HTTP/1.1").keyedAsRequired() } == "missing_idempotency_key")
    for fields in ["Idempotency-Key: a b", "Idempotency-Key: \"a", "Idempotency-Key:", "Idempotency-Key: a\nIdempotency-Key: b"] {
      #expect(
        code { _ = try context("POST / HTTP/1.1\n\(fields)").keyed() } == "invalid_idempotency_key")
    }
    let weak = try context("POST / HTTP/1.1\nIdempotency-Key: order-7", principal: .anonymous)
    #expect(code { _ = try weak.keyed() } == "weak_idempotency_key")
  }

  @Test func `a retry has the same digest, another request has not`() throws {
    func digest(_ line: String, _ fields: String = "", body: String = "{}") throws -> [UInt8]? {
      try context("\(line) HTTP/1.1\nIdempotency-Key: order-7\(fields)", body: body).keyed()?.digest
    }
    let first = try #require(try digest("POST /v1/carts?x=1"))
    #expect(try digest("POST /v1/carts?x=1", "\nX-Other: 1") == first)
    #expect(try digest("PUT /v1/carts?x=1") != first)
    #expect(try digest("POST /v1/carts?x=2") != first)
    #expect(try digest("POST /v1/cart?x=1") != first)
    #expect(try digest("POST /v1/carts?x=1", body: "{} ") != first)
  }

  @Test func `If-Match names versions, and compares strongly`() throws {
    func condition(_ field: String) throws -> VersionCondition {
      try context("PATCH / HTTP/1.1\nIf-Match: \(field)").requiredPrecondition()
    }
    #expect(try condition("*") == .any)
    #expect(try condition("\"3\"") == .oneOf([3]))
    #expect(try condition("\"3\", \"4\"") == .oneOf([3, 4]))
    for other in ["W/\"3\"", "\"03\"", "\"+3\"", "\"a\"", "\"\""] { #expect(try condition(other) == .oneOf([])) }
    #expect(code { _ = try condition("3") } == "invalid_header")
    #expect(code { _ = try context("PATCH / HTTP/1.1").requiredPrecondition() } == "precondition_required")
    #expect(try context("PATCH / HTTP/1.1").precondition() == .any)
  }
}
