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
      #expect(try context("POST / HTTP/1.1\nIdempotency-Key: \(value)").idempotencyKey(isRequired: true)?.text == "order-7")
    }
    #expect(try context("POST / HTTP/1.1").idempotencyKey(isRequired: false) == nil)
  }

  @Test func `a key that is missing, malformed, sent twice or guessable is refused`() throws {
    #expect(code { _ = try context("POST / HTTP/1.1").idempotencyKey(isRequired: true) } == "missing_idempotency_key")
    for fields in ["Idempotency-Key: a b", "Idempotency-Key: \"a", "Idempotency-Key:", "Idempotency-Key: a\nIdempotency-Key: b"] {
      #expect(
        code { _ = try context("POST / HTTP/1.1\n\(fields)").idempotencyKey(isRequired: false) } == "invalid_idempotency_key")
    }
    let weak = try context("POST / HTTP/1.1\nIdempotency-Key: order-7", principal: .anonymous)
    #expect(code { _ = try weak.idempotencyKey(isRequired: true) } == "weak_idempotency_key")
  }

  @Test func `a retry has the same digest, another request has not`() throws {
    let first = try context("POST /v1/carts?x=1 HTTP/1.1", body: "{}").requestDigest
    #expect(try context("POST /v1/carts?x=1 HTTP/1.1\nX-Other: 1", body: "{}").requestDigest == first)
    #expect(try context("PUT /v1/carts?x=1 HTTP/1.1", body: "{}").requestDigest != first)
    #expect(try context("POST /v1/carts?x=2 HTTP/1.1", body: "{}").requestDigest != first)
    #expect(try context("POST /v1/cart?x=1 HTTP/1.1", body: "{}").requestDigest != first)
    #expect(try context("POST /v1/carts?x=1 HTTP/1.1", body: "{} ").requestDigest != first)
  }
}
