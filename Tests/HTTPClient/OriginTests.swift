import Testing

@testable import HTTPClient

@Suite struct OriginTests {
  @Test(arguments: [
    ("http://localhost", Origin(isSecure: false, host: "localhost", port: 80), "localhost"),
    ("http://127.0.0.1:8080/", Origin(isSecure: false, host: "127.0.0.1", port: 8080), "127.0.0.1:8080"),
    ("HTTPS://Pay.Example:443", Origin(isSecure: true, host: "pay.example", port: 443), "pay.example"),
    ("https://[::1]:8443", Origin(isSecure: true, host: "::1", port: 8443), "[::1]:8443"),
  ])
  func `a URL names its origin and the Host field`(url: String, origin: Origin, authority: String) {
    #expect(Origin(url) == origin)
    #expect(origin.authority == authority)
  }

  @Test(arguments: [
    "", "ftp://host", "http:/host", "http://", "http://user@host", "http://host:", "http://host:0", "http://host:70000",
    "http://ho st", "http://host\r\nX: y", "http://[::1", "http://[::1]8", "http://host/path", "http://host:8080:1",
  ])
  func `what is no origin is refused`(url: String) { #expect(Origin(url) == nil) }

  @Test func `a URL is an origin and a path`() throws {
    let (origin, path) = try #require(Origin.split("http://host:81/a/b?c=d"))
    #expect(origin == Origin(isSecure: false, host: "host", port: 81))
    #expect(path == "/a/b?c=d")
  }
}
