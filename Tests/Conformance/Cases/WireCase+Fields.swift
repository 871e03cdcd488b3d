extension WireCase {
  /// Field lines (RFC 9112, section 5; RFC 9110, section 5).
  static let fieldLines: [WireCase] = [
    WireCase("RFC 9112, 5", "no white space around the value", fields("X:y"), .sees("GET /")),
    WireCase("RFC 9112, 5", "much white space around the value", fields("X: \t y \t"), .sees("GET /")),
    WireCase("RFC 9112, 5", "a colon in a value", fields("X: a:b: c"), .sees("GET /")),
    WireCase("RFC 9112, 5", "a value that looks like a request line", fields("X: GET /x HTTP/1.1"), .sees("GET /")),
    WireCase("RFC 9110, 5.5", "an empty value", fields("X:"), .sees("GET /")),
    WireCase("RFC 9110, 5.5", "a value of white space", fields("X: \t "), .sees("GET /")),
    WireCase("RFC 9110, 5.5", "obs-text in a value", fields("X: é"), .sees("GET /")),
    WireCase(
      "RFC 9110, 5.5", "bytes in a value that are no UTF-8",
      Array("GET / HTTP/1.1\r\nHost: a\r\nX: ".utf8) + [0x80, 0xFF] + Array("\r\n\r\n".utf8), .sees("GET /")),
    WireCase("RFC 9110, 5.5", "a tab in a value", fields("X: a\tb"), .sees("GET /")),
    WireCase("RFC 9110, 5.1", "every character of a name", fields("!#$%&'*+-.^_`|~aZ09: x"), .sees("GET /")),
    WireCase("RFC 9110, 5.3", "a field several times", fields("X: a\r\nx: b\r\nX: c"), .sees("GET /")),
    WireCase("RFC 9112, 5.1", "space before the colon", fields("X : a"), .refuses(400)),
    WireCase("RFC 9112, 5.1", "a tab before the colon", fields("X\t: a"), .refuses(400)),
    WireCase(
      "RFC 9112, 5.1", "space before the colon of the first field", "GET / HTTP/1.1\r\nX : a\r\nHost: a\r\n\r\n", .refuses(400)),
    WireCase("RFC 9112, 5", "no colon", fields("X"), .refuses(400)),
    WireCase("RFC 9112, 5", "an equals sign for a colon", fields("X = a"), .refuses(400)),
    WireCase("RFC 9112, 5", "no name", fields(": x"), .refuses(400)),
    WireCase("RFC 9112, 5", "nothing but a colon", fields(":"), .refuses(400)),
    WireCase("RFC 9112, 5", "a space in a name", fields("X Y: x"), .refuses(400)),
    WireCase("RFC 9112, 5", "a pseudo-field of HTTP/2", fields(":path: /x"), .refuses(400)),
    WireCase("RFC 9112, 5", "a request line among the fields", fields("GET /x HTTP/1.1"), .refuses(400)),
    WireCase("RFC 9110, 5.1", "a bracket in a name", fields("X[1]: x"), .refuses(400)),
    WireCase("RFC 9110, 5.1", "a parenthesis in a name", fields("X(1): x"), .refuses(400)),
    WireCase("RFC 9110, 5.1", "a slash in a name", fields("X/Y: x"), .refuses(400)),
    WireCase("RFC 9110, 5.1", "a backslash in a name", fields("X\\Y: x"), .refuses(400)),
    WireCase("RFC 9110, 5.1", "a comma in a name", fields("X,Y: x"), .refuses(400)),
    WireCase("RFC 9110, 5.1", "a semicolon in a name", fields("X;Y: x"), .refuses(400)),
    WireCase("RFC 9110, 5.1", "an at sign in a name", fields("X@Y: x"), .refuses(400)),
    WireCase("RFC 9110, 5.1", "a question mark in a name", fields("X?: x"), .refuses(400)),
    WireCase("RFC 9110, 5.1", "markup in a name", fields("<X>: x"), .refuses(400)),
    WireCase("RFC 9110, 5.1", "braces in a name", fields("{X}: x"), .refuses(400)),
    WireCase("RFC 9110, 5.1", "a quoted name", fields("\"X\": x"), .refuses(400)),
    WireCase("RFC 9110, 5.1", "a name beyond ASCII", fields("é: x"), .refuses(400)),
    WireCase("RFC 9110, 5.1", "a no-break space before the colon", fields("X\u{A0}: x"), .refuses(400)),
    WireCase("RFC 9112, 5.2", "a folded line", fields("X: a\r\n b"), .refuses(400)),
    WireCase("RFC 9112, 5.2", "a line folded by a tab", fields("X: a\r\n\tb"), .refuses(400)),
    WireCase("RFC 9112, 5.2", "a line folded twice", fields("X: a\r\n b\r\n c"), .refuses(400)),
    WireCase("RFC 9112, 5.2", "a line folded to nothing", fields("X: a\r\n "), .refuses(400)),
    WireCase("RFC 9112, 5.2", "a line folded behind its colon", fields("X:\r\n a"), .refuses(400)),
    WireCase("RFC 9112, 5.2", "a line folded before its colon", fields("X\r\n : a"), .refuses(400)),
    WireCase("RFC 9112, 5.2", "a folded line that looks like a field", fields("X: a\r\n Content-Length: 3"), .refuses(400)),
    WireCase("RFC 9112, 2.2", "white space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", .refuses(400)),
    WireCase(
      "RFC 9112, 2.2", "a line of white space before the first field", "GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n", .refuses(400)),
    WireCase("RFC 9112, 2.2", "a line of white space before the end", fields("X: a\r\n\t"), .refuses(400)),
  ]

  /// Control characters other than HTAB stand nowhere in a head (RFC 9110, section 5.5): one case for each of them and place.
  static let controlCharacters: [WireCase] = [0x00...0x08, 0x0B...0x0C, 0x0E...0x1F, 0x7F...0x7F].joined().flatMap { byte in
    let code = "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    let character = String(UnicodeScalar(UInt8(byte)))
    return [
      WireCase("RFC 9112, 3", "\(code) in the target", target("/a\(character)b"), .refuses(400)),
      WireCase("RFC 9110, 5.1", "\(code) in a name", fields("X\(character)Y: a"), .refuses(400)),
      WireCase("RFC 9110, 5.5", "\(code) in a value", fields("X: a\(character)b"), .refuses(400)),
    ]
  }
}
