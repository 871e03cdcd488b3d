import HTTP
import Reactor
import Testing

@testable import HTTPServer

@Suite struct ForwardedForTests {
  private let proxies = ["10.0.0.0/8", "2001:db8:ff::/48"].compactMap { IPNetwork($0) }

  private func client(_ fields: String) throws -> IPAddress? {
    var parser = RequestParser()
    Array("GET / HTTP/1.1\r\nHost: shop\r\n\(fields)\r\n".utf8).withUnsafeBytes { parser.append($0) }
    guard case .request(let request) = parser.next() else { throw CancellationError() }
    return ForwardedFor.client(of: request.head, trusting: proxies)
  }

  @Test(arguments: [
    ("192.0.2.1", "192.0.2.1"), ("192.0.2.1, 10.1.2.3", "192.0.2.1"), ("1.1.1.1, 192.0.2.1 ,10.1.2.3,10.0.0.1", "192.0.2.1"),
    ("192.0.2.1:4711", "192.0.2.1"), ("[2001:db8::1]:4711", "2001:db8::1"), ("2001:db8::1", "2001:db8::1"),
    ("nonsense, 192.0.2.1", "192.0.2.1"), ("192.0.2.1,", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"),
    ("192.0.2.1, 2001:db8:ff::9", "192.0.2.1"),
  ])
  func `the last entry that is no trusted proxy is the client`(value: String, expected: String) throws {
    #expect(try client("X-Forwarded-For: \(value)\r\n") == IPAddress(expected))
  }

  @Test(arguments: ["", "10.1.2.3", "192.0.2.1, nonsense", "192.0.2.256", "1.2.3.4.5", "[::1", "0x7f.1"])
  func `where the last says nothing, nobody is named`(value: String) throws {
    #expect(try client("X-Forwarded-For: \(value)\r\n") == (value == "[::1" ? IPAddress("::1") : nil))
    #expect(try client("") == nil)
  }

  @Test func `entries over several lines are one list`() throws {
    #expect(try client("X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 192.0.2.1\r\n") == IPAddress("192.0.2.1"))
  }
}
