import Testing

@testable import Reactor

@Suite struct IPNetworkTests {
  @Test(arguments: [
    ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("0.0.0.0/0", "203.0.113.9", true),
    ("0.0.0.0/0", "::1", false), ("::/0", "2001:db8::1", true), ("192.0.2.1", "192.0.2.1", true),
    ("192.0.2.1", "192.0.2.2", false),
    ("fc00::/7", "fd12::1", true), ("fc00::/7", "fe80::1", false), ("2001:db8::/65", "2001:db8::8000:0:0:1", false),
    ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("127.0.0.0/8", "127.0.0.1", true), ("192.0.2.128/25", "192.0.2.127", false),
  ])
  func `a network holds the addresses behind its prefix`(network: String, address: String, isInside: Bool) throws {
    let network = try #require(IPNetwork(network))
    let address = try #require(IPAddress(address))
    #expect(network.contains(address) == isInside)
  }

  @Test(arguments: [
    "", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.1/8", "fc00::/129", "fc00::1/7", "10.0.0/8", "shop", "10.0.0.0/8/8",
    "10.0.0.0/+8",
  ])
  func `what is no network is refused`(text: String) {
    #expect(IPNetwork(text) == nil)
  }

  @Test func `IPv6 gives each customer 64 bits`() throws {
    let (one, two, other) = (
      try #require(IPAddress("2001:db8::1")), try #require(IPAddress("2001:db8::2")), try #require(IPAddress("2001:db8:0:1::1"))
    )
    #expect(one.owner == two.owner)
    #expect(one.owner != other.owner)
    let (v4, v4Other) = (try #require(IPAddress("192.0.2.1")), try #require(IPAddress("192.0.2.2")))
    #expect(v4.owner != v4Other.owner)
  }
}
