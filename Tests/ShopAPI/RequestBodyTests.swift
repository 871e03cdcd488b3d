import HTTP
import JSON
import Shop
import Testing

@testable import ShopAPI

struct RequestBodyTests {
  private func fault(_ head: String, _ body: String) throws -> RequestFault? {
    let request = try wireRequest(head, body: body)
    do {
      _ = try RequestBody.json(of: request)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    "application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;charset=UTF-8",
    "application/json ; charset=\"utf-8\"", "application/json;",
  ])
  func `JSON is read under its names`(type: String) throws {
    #expect(try fault("POST /v1/carts HTTP/1.1\nContent-Type: \(type)", "{}") == nil)
  }

  @Test(arguments: [
    "text/plain", "application/json; charset=latin1", "application/json; version=1", "application/jsonp", "application/xml",
    "json",
    "application/merge-patch+json", "application/json, text/plain",
  ])
  func `another type is refused before the content is looked at`(type: String) throws {
    #expect(try fault("POST /v1/carts HTTP/1.1\nContent-Type: \(type)", "no JSON") == .unsupportedMediaType(isPatch: false))
  }

  @Test func `no type at all, or compressed content, is refused`() throws {
    #expect(try fault("POST / HTTP/1.1", "{}") == .unsupportedMediaType(isPatch: false))
    #expect(
      try fault("POST / HTTP/1.1\nContent-Type: application/json\nContent-Encoding: gzip", "{}")
        == .unsupportedMediaType(isPatch: false))
  }

  @Test func `a change may be a merge patch`() throws {
    #expect(try fault("PATCH / HTTP/1.1\nContent-Type: application/merge-patch+json", "{}") == nil)
    #expect(try fault("PATCH / HTTP/1.1\nContent-Type: application/json", "{}") == nil)
    #expect(try fault("PATCH / HTTP/1.1\nContent-Type: text/plain", "{}") == .unsupportedMediaType(isPatch: true))
    let problem = ErrorMap.problem(for: RequestFault.unsupportedMediaType(isPatch: true))
    #expect(problem.status == 415)
    #expect(problem.fields["Accept-Patch"] == "application/merge-patch+json, application/json")
  }

  @Test(arguments: [
    ("", "empty", ""), ("{", "unexpected_end", ""), ("{\"a\":1,\"a\":2}", "duplicate_key", "/a"),
    ("nonsense", "unexpected_byte", ""),
    ("{\"lines\":[{\"q\":01}]}", "invalid_number", "/lines/0/q"),
    (String(repeating: "[", count: 40), "too_deep", String(repeating: "/0", count: 32)),
  ])
  func `content that is no JSON is a 400 that points at the place`(body: String, code: String, pointer: String) throws {
    let fault = try #require(try fault("POST / HTTP/1.1\nContent-Type: application/json", body))
    let problem = ErrorMap.problem(for: fault)
    #expect(problem.status == 400)
    #expect(problem.code == "invalid_json")
    #expect(problem.errors.first?.code == code)
    #expect(problem.errors.first?.pointer == pointer)
  }
}
