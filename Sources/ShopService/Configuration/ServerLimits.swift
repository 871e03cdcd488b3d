import HTTP
import HTTPServer
import Reactor

/// What one client may cost, as it is set.
package struct ServerLimits: Sendable {
  package private(set) var ofServer = Limits()
  /// Content of what anybody may send.
  package let publicBodyBytes: Int
  /// Content of what an admin sends.
  package let bodyBytes: Int

  init(_ reader: inout SettingsReader) {
    let defaults = Limits()
    ofServer.connections = reader.integer("SHOP_MAX_CONNECTIONS", default: defaults.connections, in: 1...1_000_000)
    ofServer.connectionsPerAddress = reader.integer("SHOP_MAX_CONNECTIONS_PER_ADDRESS", default: 1_000, in: 0...1_000_000)
    ofServer.requestsPerAddress = reader.integer("SHOP_MAX_REQUESTS_PER_ADDRESS", default: 0, in: 0...1_000_000, unit: "a second")
    ofServer.requestsPerConnection = reader.integer("SHOP_MAX_REQUESTS_PER_CONNECTION", default: 100_000, in: 0...1_000_000_000)
    ofServer.trustedProxies = reader.networks("SHOP_TRUSTED_PROXIES", default: Self.privateNetworks)

    let parser = ParserLimits()
    // RFC 9112, section 3: at least 8,000.
    ofServer.parser.requestLine = reader.integer(
      "SHOP_MAX_REQUEST_LINE_BYTES", default: parser.requestLine, in: 8_000...65_536)
    ofServer.parser.head = reader.integer("SHOP_MAX_HEADER_BYTES", default: parser.head, in: 4_096...262_144)
    ofServer.parser.fields = reader.integer("SHOP_MAX_HEADER_FIELDS", default: parser.fields, in: 16...1_000)
    publicBodyBytes = reader.integer("SHOP_MAX_PUBLIC_BODY_BYTES", default: 16_384, in: 1_024...67_108_864)
    bodyBytes = reader.integer("SHOP_MAX_BODY_BYTES", default: 1_048_576, in: 1_024...67_108_864)
    if publicBodyBytes > bodyBytes {
      reader.fault("SHOP_MAX_PUBLIC_BODY_BYTES", "must not be above SHOP_MAX_BODY_BYTES, which is what an admin may send")
    }

    ofServer.keepAlive = reader.milliseconds("SHOP_KEEP_ALIVE_MS", default: 75_000, in: 100...3_600_000)
    ofServer.head = reader.milliseconds("SHOP_HEAD_DEADLINE_MS", default: 10_000, in: 100...600_000)
    ofServer.headRate = reader.integer("SHOP_HEAD_RATE", default: defaults.headRate, in: 0...1_048_576, unit: "bytes a second")
    ofServer.body = reader.milliseconds("SHOP_BODY_DEADLINE_MS", default: 20_000, in: 100...600_000)
    ofServer.bodyRate = reader.integer("SHOP_BODY_RATE", default: defaults.bodyRate, in: 0...1_048_576, unit: "bytes a second")
    ofServer.write = reader.milliseconds("SHOP_RESPONSE_DEADLINE_MS", default: 60_000, in: 100...3_600_000)
    ofServer.writeStall = reader.milliseconds("SHOP_RESPONSE_STALL_MS", default: 20_000, in: 100...600_000)
    ofServer.writeRate = reader.integer(
      "SHOP_RESPONSE_RATE", default: defaults.writeRate, in: 0...1_048_576, unit: "bytes a second")
    if ofServer.writeStall > ofServer.write {
      reader.fault("SHOP_RESPONSE_STALL_MS", "must not be above SHOP_RESPONSE_DEADLINE_MS, of which it is a part")
    }
  }

  /// Loopback and the networks that nobody routes (RFC 1918, RFC 4193): whoever comes from there is in front of the shop, or its owner's.
  private static let privateNetworks = "127.0.0.0/8,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"
}
