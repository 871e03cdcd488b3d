import Testing

@testable import HTTP

@Suite struct RouterTests {
  private static func router() -> Router<String> {
    var router = Router<String>()
    for (method, pattern) in [
      (Method.get, "/health"), (.get, "/health/live"), (.get, "/v1/products"), (.get, "/v1/products/facets"),
      (.get, "/v1/products/{id}"), (.post, "/v1/carts"), (.get, "/v1/carts/{id}"), (.delete, "/v1/carts/{id}"),
      (.patch, "/v1/carts/{id}/lines/{line}"), (.delete, "/v1/carts/{id}/lines/{line}"), (.get, "/v1/{kind}/facets/all"),
      (.put, "/v1/carts/{id}/email"), (.options, "/v1/special"), (.get, "/v1/special"), (.head, "/v1/special"),
    ] { router.add(method, pattern, "\(method.name) \(pattern)") }
    return router
  }

  private func match(_ method: Method, _ path: String) -> String {
    switch Self.router().match(method, path: Array(path.utf8)[...]) {
    case .found(let handler, let parameters): ([handler] + parameters).joined(separator: " | ")
    case .wrongMethod(let allowed): "405 " + allowed.map(\.name).joined(separator: ", ")
    case .notFound: "404"
    }
  }

  @Test(
    arguments: [
      (.get, "/health", "GET /health"), (.get, "/health/live", "GET /health/live"),
      (.get, "/v1/products/facets", "GET /v1/products/facets"), (.get, "/v1/products/mug", "GET /v1/products/{id} | mug"),
      (.get, "/v1/products/facet", "GET /v1/products/{id} | facet"),
      (.patch, "/v1/carts/c/lines/l", "PATCH /v1/carts/{id}/lines/{line} | c | l"),
      // Going back from a literal that leads nowhere.
      (.get, "/v1/products/facets/all", "GET /v1/{kind}/facets/all | products"),
      (.get, "/v1/carts/facets/all", "GET /v1/{kind}/facets/all | carts"),
      // HEAD is GET's, unless it has a route (RFC 9110, 9.3.2).
      (.head, "/v1/products", "GET /v1/products"), (.head, "/v1/special", "HEAD /v1/special"),
      (.options, "/v1/special", "OPTIONS /v1/special"),
      // Escapes (RFC 3986, 6.2.2.2).
      (.get, "/v1/products/a%20b%2Fc", "GET /v1/products/{id} | a b/c"),
      (.get, "/v1/products/%C3%A9", "GET /v1/products/{id} | é"),
      (.get, "/v1/%70roducts", "GET /v1/products"), (.get, "/v1/products/%66acets", "GET /v1/products/facets"),
      (.get, "/v1/products/a+b", "GET /v1/products/{id} | a+b"), (.get, "/v1/products/...", "GET /v1/products/{id} | ..."),
    ] as [(Method, String, String)])
  func `a path finds its route and parameters`(_ method: Method, _ path: String, _ expected: String) {
    #expect(match(method, path) == expected)
  }

  @Test(arguments: [
    "/", "", "*", "health", "//health", "/health/", "/Health", "/v1", "/v1/products/", "/v1/products//", "/v1/carts//lines/l",
    "/v1/products/mug/", "/v1/products/mug/x", "/v1/products/%", "/v1/products/%4", "/v1/products/%zz", "/v1/products/%00",
    "/v1/products/%FF", "/v1/products/%C3", "/v1/products/.", "/v1/products/..", "/v1/products/%2e%2E", "/v1/../v1/products",
    "/v1/products/%2e",
  ])
  func `what is no route is not found`(_ path: String) {
    for method in Method.allCases { #expect(match(method, path) == "404", "\(method)") }
  }

  @Test(
    arguments: [
      (.post, "/health", "405 GET, HEAD, OPTIONS"), (.get, "/v1/carts", "405 POST, OPTIONS"),
      (.put, "/v1/carts/c", "405 GET, HEAD, DELETE, OPTIONS"), (.options, "/v1/carts/c", "405 GET, HEAD, DELETE, OPTIONS"),
      (.get, "/v1/carts/c/lines/l", "405 PATCH, DELETE, OPTIONS"), (.head, "/v1/carts", "405 POST, OPTIONS"),
    ] as [(Method, String, String)])
  func `another method is told which are allowed`(_ method: Method, _ path: String, _ expected: String) {
    #expect(match(method, path) == expected)
  }

  @Test func `all routes and methods can be listed`() {
    #expect(Self.router().entries.count == 15)
    #expect(Self.router().entries.first?.pattern == "/health")
    #expect(Self.router().methods == [.get, .head, .post, .put, .patch, .delete, .options])
  }

  @Test func `a later route of the same shape replaces the earlier`() {
    var router = Router<Int>()
    router.add(.get, "/a/{x}", 1)
    router.add(.get, "/a/{y}", 2)
    guard case .found(let handler, _) = router.match(.get, path: Array("/a/b".utf8)[...]) else {
      Issue.record("not found")
      return
    }
    #expect(handler == 2)
    #expect(router.entries.count == 1)
  }

  @Test(arguments: 0..<4 as Range<UInt64>) func `no path crashes the router`(_ seed: UInt64) {
    var random = Seeded(state: seed)
    let router = Self.router()
    let parts = ["v1", "products", "carts", "facets", "all", "lines", "%", "%2", "%41", "%ff", ".", "..", "", "x", "é"]
    for _ in 0..<2_000 {
      let path =
        "/"
        + (0..<Int.random(in: 0...7, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }.joined(
          separator: "/")
      _ = router.match(Method.allCases.randomElement(using: &random) ?? .get, path: Array(path.utf8)[...])
    }
  }
}
