/// Where a Redis is and how to enter it: `redis://[user[:password]@]host[:port][/db]`, `rediss://…` for TLS, or `unix:/path[?db=n]`.
package struct Endpoint: Equatable, Sendable {
  package enum Place: Equatable, Sendable {
    case host(String, port: UInt16)
    case unixPath(String)
  }

  package var place: Place
  package var usesTLS: Bool
  package var user: String?
  package var password: String?
  package var database: Int

  /// What is wrong with a URL, without the URL: it may hold a password.
  package struct InvalidURL: Error, Equatable, CustomStringConvertible {
    package let description: String
  }

  package init(url: String) throws(InvalidURL) {
    guard let colon = url.firstIndex(of: ":") else { throw InvalidURL(description: "has no scheme") }
    let scheme = url[..<colon].lowercased()
    var rest = url[url.index(after: colon)...]
    switch scheme {
    case "unix":
      if rest.hasPrefix("//") { rest = rest.dropFirst(2) }
      let (path, query) = Self.split(rest, at: "?")
      guard path.hasPrefix("/") else { throw InvalidURL(description: "a Unix socket needs an absolute path") }
      self.init(
        place: .unixPath(String(path)), usesTLS: false, user: nil, password: nil,
        database: try Self.database(query.map { $0.hasPrefix("db=") ? $0.dropFirst(3) : $0 } ?? ""))
    case "redis", "rediss":
      guard rest.hasPrefix("//") else { throw InvalidURL(description: "needs // after \(scheme):") }
      rest = rest.dropFirst(2)
      guard !rest.contains("?"), !rest.contains("#") else { throw InvalidURL(description: "takes no query and no fragment") }
      let (authority, path) = Self.split(rest, at: "/")
      let at = authority.lastIndex(of: "@")
      let (user, password) = try Self.credentials(at.map { authority[..<$0] })
      let host = at.map { authority[authority.index(after: $0)...] } ?? authority
      self.init(
        place: try Self.place(host), usesTLS: scheme == "rediss", user: user, password: password,
        database: try Self.database(path ?? ""))
    default: throw InvalidURL(description: "has scheme \(scheme); redis, rediss and unix are known")
    }
  }

  package init(place: Place, usesTLS: Bool = false, user: String? = nil, password: String? = nil, database: Int = 0) {
    self.place = place
    self.usesTLS = usesTLS
    self.user = user
    self.password = password
    self.database = database
  }

  private static func split(_ text: Substring, at separator: Character) -> (Substring, Substring?) {
    guard let index = text.firstIndex(of: separator) else { return (text, nil) }
    return (text[..<index], text[text.index(after: index)...])
  }

  private static func database(_ text: Substring) throws(InvalidURL) -> Int {
    guard !text.isEmpty else { return 0 }
    guard text.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(text), number < 65_536 else {
      throw InvalidURL(description: "has a database that is no number")
    }
    return number
  }

  private static func credentials(_ text: Substring?) throws(InvalidURL) -> (user: String?, password: String?) {
    guard let text else { return (nil, nil) }
    let (user, password) = split(text, at: ":")
    // redis://secret@host: some tools write the password alone so; the URL's grammar says user, and so does redis-cli.
    return (user.isEmpty ? nil : try decoded(user), try password.map { text throws(InvalidURL) in try decoded(text) })
  }

  private static func place(_ text: Substring) throws(InvalidURL) -> Place {
    var host = text
    var port: Substring?
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { throw InvalidURL(description: "has a [ without its ]") }
      host = text[text.index(after: text.startIndex)..<end]
      let after = text[text.index(after: end)...]
      guard after.isEmpty || after.hasPrefix(":") else { throw InvalidURL(description: "has more than a port after ]") }
      port = after.isEmpty ? nil : after.dropFirst()
    } else if let colon = text.lastIndex(of: ":") {
      host = text[..<colon]
      port = text[text.index(after: colon)...]
    }
    guard !host.isEmpty, !host.contains(" ") else { throw InvalidURL(description: "has no host") }
    guard let port else { return .host(String(host), port: 6379) }
    guard port.allSatisfy({ $0.isASCII && $0.isNumber }), let number = UInt16(port), number > 0 else {
      throw InvalidURL(description: "has a port that is none")
    }
    return .host(String(host), port: number)
  }

  /// Undoes percent-encoding (RFC 3986 section 2.1).
  private static func decoded(_ text: Substring) throws(InvalidURL) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(hexValue), let low = rest.popFirst().flatMap(hexValue) else {
        throw InvalidURL(description: "has a % without two hexadecimal digits")
      }
      bytes.append(high << 4 | low)
    }
    guard let decoded = String(validating: bytes, as: UTF8.self) else {
      throw InvalidURL(description: "has credentials that are not UTF-8")
    }
    return decoded
  }

  private static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
