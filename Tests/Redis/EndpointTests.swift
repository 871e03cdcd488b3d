import Testing

@testable import Redis

@Suite struct EndpointTests {
  @Test(arguments: [
    ("redis://localhost", Endpoint(place: .host("localhost", port: 6379))),
    ("redis://10.0.0.7:7000/3", Endpoint(place: .host("10.0.0.7", port: 7000), database: 3)),
    (
      "rediss://shop:p%40ss%2Fword@cache.example:6380/",
      Endpoint(
        place: .host("cache.example", port: 6380), usesTLS: true, user: "shop", password: "p@ss/word")
    ),
    ("redis://:secret@[::1]:6379/0", Endpoint(place: .host("::1", port: 6379), password: "secret")),
    ("unix:/run/redis.sock?db=2", Endpoint(place: .unixPath("/run/redis.sock"), database: 2)),
    ("unix:///run/redis.sock", Endpoint(place: .unixPath("/run/redis.sock"))),
  ])
  func `a URL says where Redis is`(url: String, expected: Endpoint) throws {
    #expect(try Endpoint(url: url) == expected)
  }

  @Test(arguments: [
    "", "localhost", "http://localhost", "redis:localhost", "redis://", "redis://:6379", "redis://host:0", "redis://host:65536",
    "redis://host:+1", "redis://host/x", "redis://host/1/2", "redis://[::1", "redis://[::1]x", "redis://a:%zz@host",
    "redis://a:%ff@host", "redis://host?db=1", "unix:relative", "redis://ho st",
  ])
  func `a URL with a fault is refused without being repeated`(url: String) {
    let error = #expect(throws: Endpoint.InvalidURL.self) { try Endpoint(url: url) }
    if url.count > 10 { #expect(error?.description.contains(url) == false) }
  }
}
