import ShopService
import TestSupport
import Testing

/// What every route says of its methods (RFC 9110, sections 9.3.2, 9.3.7 and 15.5.6).
@Suite(.enabled(if: TestServer.isPossible, "SHOP_TEST_DATABASE_URL names no PostgreSQL server: `make test` starts one"))
struct RouteMethodTests {
  private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

  /// Each path of the shop with the methods that Allow must name, in their order.
  private static func paths() throws -> [(path: String, allowed: [String])] {
    var methodsOf: [String: Set<String>] = [:]
    for line in try RouteList.lines(.all) {
      let words = line.split(separator: " ").map(String.init)
      methodsOf[words[1].replacing(/\{[a-z_]+\}/, with: "x"), default: ["OPTIONS"]].formUnion(
        words[0] == "GET" ? ["GET", "HEAD"] : [words[0]])
    }
    return methodsOf.sorted { $0.key < $1.key }.map { path, known in (path, methods.filter(known.contains)) }
  }

  @Test func `a method that a path does not have is 405, and Allow names those that it has`() async throws {
    let paths = try Self.paths()
    #expect(paths.count >= 20)
    try await TestServer.with { server in
      for (path, allowed) in paths {
        let options = try await server.send("OPTIONS", path, nil, [:])
        #expect(options.status == 204 && options.fields["allow"] == allowed.joined(separator: ", "), "OPTIONS \(path)")
        for method in Self.methods where !allowed.contains(method) {
          let refused = try await server.send(method, path, nil, [:])
          #expect(refused.status == 405, "\(method) \(path)")
          #expect(refused.fields["allow"] == allowed.joined(separator: ", "), "\(method) \(path)")
        }
      }
      let client = try RawClient(port: server.port)
      try client.send("OPTIONS * HTTP/1.1\r\nHost: shop.test\r\n\r\n")
      #expect(try client.response()["allow"] == Self.methods.joined(separator: ", "))
    }
  }

  @Test func `HEAD has the status and the length of GET`() async throws {
    let paths = try Self.paths().filter { $0.allowed.contains("GET") }
    try await CatalogueScene.with { server in
      for path in paths.map(\.path) + ["/v1/products?limit=2", "/v1/products/item-1"] where path != "/metrics" {
        let get = try await server.get(path)
        let head = try await server.send("HEAD", path, nil, [:])
        #expect(head.status == get.status, "\(path)")
        #expect(head.fields["content-length"] == get.fields["content-length"], "\(path)")
        #expect(head.fields["etag"] == get.fields["etag"], "\(path)")
      }
    }
  }
}
