import Glibc

/// An IPv4 or IPv6 address as a number; IPv4 in its mapped form, so that a client is the same one over either kind of socket.
package struct IPAddress: Hashable, Sendable {
  let high: UInt64
  let low: UInt64

  private static let mapped: UInt64 = 0xFFFF_0000_0000

  private init(v4: UInt32) { (high, low) = (0, Self.mapped | UInt64(v4)) }

  private init(v6 bytes: UnsafeRawBufferPointer) {
    high = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self).bigEndian
    low = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self).bigEndian
  }

  /// Nil for a Unix socket.
  package init?(_ address: SocketAddress) {
    switch address.family {
    case AF_INET:
      self = address.withPointer { pointer, _ in
        pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
          IPAddress(v4: UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
        }
      }
    case AF_INET6:
      self = address.withPointer { pointer, _ in
        pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
          withUnsafeBytes(of: $0.pointee.sin6_addr) { IPAddress(v6: $0) }
        }
      }
    default: return nil
    }
  }

  /// As it is written, without brackets, port or zone.
  package init?(_ text: String) {
    var (v4, v6) = (in_addr(), in6_addr())
    if inet_pton(AF_INET, text, &v4) == 1 {
      self.init(v4: UInt32(bigEndian: v4.s_addr))
    } else if inet_pton(AF_INET6, text, &v6) == 1 {
      self = withUnsafeBytes(of: v6) { IPAddress(v6: $0) }
    } else {
      return nil
    }
  }

  var isV4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// Whom it stands for: IPv6 gives a customer a /64, of which each address is as good as any other.
  package var owner: IPAddress { isV4 ? self : IPAddress(high: high, low: 0) }

  init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

/// A network in CIDR form (RFC 4632, RFC 4291): `10.0.0.0/8`, `fc00::/7`, or one address.
package struct IPNetwork: Hashable, Sendable {
  private let base: IPAddress
  private let highMask: UInt64
  private let lowMask: UInt64

  /// Nil for what is no network; bits behind the prefix must be zero, since they most likely mean a mistake.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = IPAddress(String(parts[0])) else { return nil }
    let width = address.isV4 && !parts[0].contains(":") ? 32 : 128
    var prefix = width
    if parts.count == 2 {
      guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(parts[1]), (0...width).contains(number)
      else { return nil }
      prefix = number
    }
    prefix += 128 - width
    highMask = prefix >= 64 ? .max : prefix == 0 ? 0 : .max << UInt64(64 - prefix)
    lowMask = prefix <= 64 ? 0 : .max << UInt64(128 - prefix)
    guard address.high & ~highMask == 0, address.low & ~lowMask == 0 else { return nil }
    base = address
  }

  package func contains(_ address: IPAddress) -> Bool {
    address.high & highMask == base.high && address.low & lowMask == base.low
  }
}
