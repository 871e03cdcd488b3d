/// A scheme, host and port (RFC 9110, section 4.3.1): connections are kept for each.
package struct Origin: Hashable, Sendable, CustomStringConvertible {
  package let isSecure: Bool
  /// A name or address, without the brackets of IPv6.
  package let host: String
  package let port: UInt16

  package init(isSecure: Bool, host: String, port: UInt16) {
    self.isSecure = isSecure
    self.host = host
    self.port = port
  }

  /// `http://host[:port]` or `https://…`, with a slash at most behind it; nil for anything else, user information included.
  package init?(_ url: String) {
    guard let (origin, path) = Self.split(url), path.isEmpty || path == "/" else { return nil }
    self = origin
  }

  /// The origin of an absolute URL and what follows it: a path with its query, or nothing.
  package static func split(_ url: String) -> (origin: Origin, path: String)? {
    let lower = url.prefix(8).lowercased()
    let isSecure = lower == "https://"
    guard isSecure || lower.hasPrefix("http://") else { return nil }
    let rest = url.dropFirst(isSecure ? 8 : 7)
    let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
    guard let (host, port) = authority(rest[..<end]) else { return nil }
    return (Origin(isSecure: isSecure, host: host, port: port ?? (isSecure ? 443 : 80)), String(rest[end...]))
  }

  private static func authority(_ text: Substring) -> (String, UInt16?)? {
    var host = text
    var port: Substring?
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      host = text[text.index(after: text.startIndex)..<end]
      guard host.utf8.allSatisfy({ isHexadecimal($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }) else { return nil }
      let after = text[text.index(after: end)...]
      guard after.isEmpty || after.hasPrefix(":") else { return nil }
      port = after.isEmpty ? nil : after.dropFirst()
    } else {
      if let colon = text.firstIndex(of: ":") {
        host = text[..<colon]
        port = text[text.index(after: colon)...]
      }
      guard host.utf8.allSatisfy({ isHostByte($0) }) else { return nil }
    }
    guard !host.isEmpty else { return nil }
    guard let port else { return (host.lowercased(), nil) }
    guard !port.isEmpty, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(port), number > 0 else {
      return nil
    }
    return (host.lowercased(), number)
  }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
  }

  /// The Host field's value: without the port where it is the scheme's own.
  package var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
  }

  package var description: String { (isSecure ? "https://" : "http://") + authority }
}
