import Foundation
import HTTP
import JSON
import Shop
import Testing

@testable import ShopAPI

struct ProblemTests {
  private let id = RequestID(UUIDv7(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0001))
  private let variant = VariantID(UUIDv7(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0002))

  private func answer(_ error: any Error, _ head: String = "POST /v1/carts/x/complete?y=1 HTTP/1.1") throws -> Response {
    ErrorMap.response(for: error, try wireRequest(head), id)
  }

  @Test func `a shortage tells the lines and what is left of each variant`() throws {
    let response = try answer(Refusal.outOfStock([.init(line: 0, variant: variant, requested: 2, available: 1)]))
    #expect(response.status == 409)
    #expect(response.fields["Content-Type"] == "application/problem+json")
    #expect(response.fields["Cache-Control"] == "no-store")
    #expect(
      response.text
        == #"{"type":"https://shop.example/problems/out_of_stock","title":"Out of stock","status":409,"detail":"One line is short.","#
        + #""instance":"/v1/carts/x/complete","code":"out_of_stock","request_id":"\#(id)","#
        + #""errors":[{"pointer":"/lines/0","code":"out_of_stock","detail":"1 left"}],"#
        + #""available":[{"variant_id":"\#(variant)","requested":2,"available":1}]}"#)
  }

  @Test func `a changed price tells the present total, a closed cart its order`() throws {
    let price = try answer(Refusal.priceChanged(current: Money(1_999, .usd)))
    #expect(price.status == 409)
    #expect(price.text.hasSuffix(#""errors":[],"current_total":{"amount":1999,"currency":"USD"}}"#))
    let order = OrderID(variant.uuid)
    #expect(try answer(Refusal.cartClosed(order: order)).text.hasSuffix(#""errors":[],"order_id":"\#(order)"}"#))
    #expect(try !answer(Refusal.cartClosed(order: nil)).text.contains("order_id"))
  }

  @Test func `an incomplete cart points at each thing that is missing`() throws {
    let response = try answer(Refusal.cartIncomplete([.email, .shippingMethod]))
    #expect(response.status == 422)
    #expect(response.text.contains(#"{"pointer":"/email","code":"required","detail":"This is needed."}"#))
    #expect(response.text.contains(#"{"pointer":"/shipping_method","code":"required","detail":"This is needed."}"#))
  }

  private struct Secret: Error {
    let password = "hunter2"
  }

  @Test func `an unknown error is a 500 with nothing of it inside`() throws {
    let response = try answer(Secret())
    #expect(response.status == 500)
    #expect(response.text.contains(#""code":"internal""#))
    #expect(!response.text.contains("hunter2"))
    #expect(!response.text.contains("Secret"))
    #expect(!ErrorMap.isExpected(Secret()))
    #expect(ErrorMap.isExpected(Refusal.notFound))
  }

  @Test(arguments: [
    (Refusal.malformed(.invalidCursor, detail: "d"), 400), (.malformed(.missingIdempotencyKey, detail: "d"), 400),
    (.invalid("/a", .required, "d"), 422), (.unauthenticated, 401), (.forbidden, 403), (.notFound, 404),
    (.checkoutInProgress(retryAfter: 3), 409), (.cartEmpty, 422), (.notSellable([]), 409), (.paymentDeclined, 402),
    (.stockReserved(reserved: 1), 409), (.stockChanged(onHand: 1), 409), (.orderNotCancellable(.completed), 409),
    (.discountUnavailable, 409), (.discountCodeTaken, 409), (.inUse(detail: "d"), 409), (.stale(current: 2), 412),
    (.preconditionRequired, 428), (.idempotencyMismatch, 422),
    (.idempotencyInProgress(retryAfter: 3), 409), (.rateLimited(retryAfter: 3), 429), (.overloaded(retryAfter: 3), 503),
    (.unavailable(retryAfter: 3), 503),
  ])
  func `every refusal has its status`(refusal: Refusal, status: Int) throws {
    let response = try answer(refusal)
    #expect(response.status.code == status)
    #expect(response.text.contains(#""status":\#(status)"#))
    #expect(response.text.contains(#""code":"\#(refusal.code)""#))
    let problem = ErrorMap.problem(for: refusal)
    #expect(response.fields["Retry-After"] == problem.retryAfter.map(String.init))
    #expect((status == 429 || status == 503) == false || problem.retryAfter == 3)
    #expect((response.fields["WWW-Authenticate"] != nil) == (status == 401))
  }

  @Test func `a refusal to wait less than a second still says one`() {
    #expect(ErrorMap.problem(for: Refusal.unavailable(retryAfter: 0)).retryAfter == 1)
  }

  @Test func `a wrong method is told which ones are right`() throws {
    let response = ErrorMap.methodNotAllowed([.get, .head, .options], try wireRequest("DELETE /v1/products HTTP/1.1"), id)
    #expect(response.status == 405)
    #expect(response.fields["Allow"] == "GET, HEAD, OPTIONS")
  }

  @Test func `bytes that are no request have a problem without instance`() {
    let response = ErrorMap.response(for: ParseFailure(400, "invalid_framing", "a chunk size is too large"), id)
    #expect(response.status == 400)
    #expect(response.text.contains(#""title":"Invalid framing""#))
    #expect(response.text.contains(#""detail":"A chunk size is too large.","instance":null"#))
  }

  @Test func `a path with quotes and broken text stays inside its string`() throws {
    let response = try answer(Refusal.notFound, "GET /v1/%22'%ff/;=! HTTP/1.1")
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(response.text.utf8)) }
    #expect(response.text.contains(#""instance":"/v1/%22'%ff/;=!""#))
  }

  @Test func `a code reads as a title`() {
    #expect(Problem(409, "sku_taken", "").title == "SKU taken")
    #expect(Problem(400, "invalid_json", "").title == "Invalid JSON")
    #expect(Problem(414, "uri_too_long", "").title == "URI too long")
    #expect(Problem(404, "not_found", "").title == "Not found")
  }
}
