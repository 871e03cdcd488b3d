import Testing

/// Raw requests, each with the rule that decides it. Status 0 means that they are accepted.
struct WireCase: CustomTestStringConvertible, Sendable {
  let section: String
  let name: String
  let bytes: String
  let status: Int

  init(_ section: String, _ name: String, _ status: Int, _ bytes: String) {
    self.section = section
    self.name = name
    self.status = status
    self.bytes = bytes
  }

  var testDescription: String { "\(section): \(name)" }

  static let all = requestLine + target + host + fields + length + codings + chunks + connection

  static let requestLine = [
    WireCase("RFC 9112, 3", "the plainest request", 0, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 2.2", "one empty line before it", 0, "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 2.2", "four empty lines before it", 0, "\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 2.2", "five empty lines before it", 400, "\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 2.2", "an empty line of LF alone", 400, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 2.2", "a CR before it", 400, "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 2.2", "bare LF after the request line", 400, "GET / HTTP/1.1\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 2.2", "bare LF everywhere", 400, "GET / HTTP/1.1\nHost: a\n\n"),
    WireCase("RFC 9112, 2.2", "bare CR after the request line", 400, "GET / HTTP/1.1\rHost: a\r\n\r\n"),
    WireCase("RFC 9112, 2.2", "CR CR LF", 400, "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3", "space before the method", 400, " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3", "two spaces after the method", 400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3", "two spaces before the version", 400, "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3", "a tab after the method", 400, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3", "a tab before the version", 400, "GET /\tHTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3", "space after the version", 400, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3", "a space in the target", 400, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3", "no target", 400, "GET HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3", "an empty target", 400, "GET  HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3", "nothing but a method", 400, "GET\r\n\r\n"),
    WireCase("RFC 9112, 3", "nothing but a version", 400, "HTTP/1.1\r\n\r\n"),
    WireCase("RFC 1945, 4.1", "HTTP/0.9", 400, "GET /\r\n\r\n"),
    WireCase("RFC 1945, 4.1", "HTTP/0.9 with a space", 400, "GET / \r\n\r\n"),
    WireCase("RFC 9112, 2.3", "lower-case name of the protocol", 400, "GET / http/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 2.3", "two digits in the version", 400, "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 2.3", "a leading zero in the version", 400, "GET / HTTP/01.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 2.3", "a comma in the version", 400, "GET / HTTP/1,1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 2.3", "no minor version", 400, "GET / HTTP/1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 2.3", "a letter as minor version", 400, "GET / HTTP/1.x\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 2.3", "space in the version", 400, "GET / HTTP/ 1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 2.3", "another protocol", 400, "GET / HTPP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 2.5", "HTTP/1.2 is answered as 1.1", 0, "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 15.6.6", "HTTP/2.0", 505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 15.6.6", "HTTP/3.0", 505, "GET / HTTP/3.0\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 15.6.6", "HTTP/0.9 by name", 505, "GET / HTTP/0.9\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9113, 3.4", "the preface of HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    WireCase("RFC 9110, 9.1", "an unknown method", 501, "BREW / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 9.1", "methods are case-sensitive", 501, "get / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 9.1", "a method that begins like another", 501, "GETX / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 9.1", "a method that begins like POST", 501, "PO / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 9.3.8", "TRACE", 501, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 9.3.6", "CONNECT", 501, "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"),
    WireCase("RFC 9110, 5.6.2", "a method that is no token", 400, "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 5.6.2", "a method beyond ASCII", 400, "GÉT / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 5.5", "NUL in the request line", 400, "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 8446, 5.1", "the start of a TLS handshake", 400, "\u{16}\u{03}\u{01}\u{02}\0\u{01}"),
    WireCase("RFC 9110, 9.3.5", "DELETE", 0, "DELETE /a HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 5789, 2", "PATCH", 0, "PATCH /a HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 9.3.4", "PUT", 0, "PUT /a HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 9.3.2", "HEAD", 0, "HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n"),
  ]

  static let target = [
    WireCase("RFC 3986, 3.3", "every character of a path", 0, "GET /aZ09-._~!$&'()*+,;=:@/%2F HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 3986, 3.4", "brackets in a query", 0, "GET /?filter[price.gte]=1 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 3986, 3.4", "encoded brackets in a query", 0, "GET /?filter%5Bprice.gte%5D=1 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 3986, 3.4", "a question mark in a query", 0, "GET /?a=?b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 3986, 3.4", "an empty query", 0, "GET /? HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 3986, 3.3", "brackets in a path", 400, "GET /[a] HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2", "a fragment", 400, "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2", "a fragment after a query", 400, "GET /?a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2", "a backslash", 400, "GET /a\\b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2", "a quotation mark", 400, "GET /\" HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2", "less-than", 400, "GET /<a> HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2", "a brace in a query", 400, "GET /?a={b} HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2", "a byte beyond ASCII", 400, "GET /é HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2", "DEL", 400, "GET /\u{7F} HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2", "a target without slash", 400, "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2.3", "authority-form", 400, "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2.4", "OPTIONS *", 0, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2.4", "GET *", 400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2.4", "OPTIONS *a", 400, "OPTIONS *a HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2.2", "absolute-form", 0, "GET http://a/b?c HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2.2", "absolute-form over https", 0, "GET https://a:443/b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 3986, 3.1", "a scheme in capitals", 0, "GET HTTP://a/b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 4.2.3", "absolute-form without a path", 0, "GET http://a HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 4.2.3", "absolute-form with a query alone", 0, "GET http://a?b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2", "absolute-form without Host", 400, "GET http://a/ HTTP/1.1\r\n\r\n"),
    WireCase("RFC 9112, 3.2", "absolute-form with a bad Host", 400, "GET http://a/ HTTP/1.1\r\nHost: a b\r\n\r\n"),
    WireCase("RFC 9110, 4.2.1", "absolute-form with an empty host", 400, "GET http:///b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 4.2.1", "absolute-form with a port alone", 400, "GET http://:80/b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 4.2.4", "user information", 400, "GET http://u:p@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2.2", "another scheme", 400, "GET ftp://a/b HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2.2", "a scheme without authority", 400, "GET http:/a HTTP/1.1\r\nHost: a\r\n\r\n"),
  ]

  static let host = [
    WireCase("RFC 9112, 3.2", "no Host", 400, "GET / HTTP/1.1\r\n\r\n"),
    WireCase("RFC 9112, 3.2", "no Host in HTTP/1.0", 0, "GET / HTTP/1.0\r\n\r\n"),
    WireCase("RFC 9112, 3.2", "two Hosts", 400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    WireCase("RFC 9112, 3.2", "the same Host twice", 400, "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n"),
    WireCase("RFC 9112, 3.2", "two Hosts in HTTP/1.0", 400, "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 7.2", "an empty Host", 400, "GET / HTTP/1.1\r\nHost: \r\n\r\n"),
    WireCase("RFC 9110, 7.2", "a bad Host in HTTP/1.0", 400, "GET / HTTP/1.0\r\nHost: a/b\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "a name with a port", 0, "GET / HTTP/1.1\r\nHost: shop.example:8080\r\n\r\n"),
    WireCase("RFC 3986, 3.2.3", "an empty port", 0, "GET / HTTP/1.1\r\nHost: a:\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "an IPv4 address", 0, "GET / HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "an IPv6 address", 0, "GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "the shortest IPv6 address", 0, "GET / HTTP/1.1\r\nHost: [::]\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "the loopback of IPv6", 0, "GET / HTTP/1.1\r\nHost: [::1]\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "eight groups", 0, "GET / HTTP/1.1\r\nHost: [1:2:3:4:5:6:7:8]\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "zeros left out at the end", 0, "GET / HTTP/1.1\r\nHost: [1:2::]\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "IPv4 within IPv6", 0, "GET / HTTP/1.1\r\nHost: [::ffff:10.0.0.1]\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "an escape in a name", 0, "GET / HTTP/1.1\r\nHost: a%2Db\r\n\r\n"),
    WireCase("RFC 3986, 2.1", "a broken escape in a name", 400, "GET / HTTP/1.1\r\nHost: a%2\r\n\r\n"),
    WireCase("RFC 3986, 2.1", "an escape without hex digits", 400, "GET / HTTP/1.1\r\nHost: a%zz\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "nine groups", 400, "GET / HTTP/1.1\r\nHost: [1:2:3:4:5:6:7:8:9]\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "seven groups", 400, "GET / HTTP/1.1\r\nHost: [1:2:3:4:5:6:7]\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "zeros left out twice", 400, "GET / HTTP/1.1\r\nHost: [1::2::3]\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "three colons", 400, "GET / HTTP/1.1\r\nHost: [1:::2]\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "four colons", 400, "GET / HTTP/1.1\r\nHost: [::::]\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "a colon at the end", 400, "GET / HTTP/1.1\r\nHost: [1:2:3:4:5:6:7:]\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "a colon at the start", 400, "GET / HTTP/1.1\r\nHost: [:1:2:3:4:5:6:7]\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "five hex digits", 400, "GET / HTTP/1.1\r\nHost: [::12345]\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "a zone", 400, "GET / HTTP/1.1\r\nHost: [fe80::1%25eth0]\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "IPv4 out of range within IPv6", 400, "GET / HTTP/1.1\r\nHost: [::256.0.0.1]\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "empty brackets", 400, "GET / HTTP/1.1\r\nHost: []\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "no closing bracket", 400, "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "text after the bracket", 400, "GET / HTTP/1.1\r\nHost: [::1]a\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "IPv6 without brackets", 400, "GET / HTTP/1.1\r\nHost: ::1\r\n\r\n"),
    WireCase("RFC 3986, 3.2.3", "a port beyond 65535", 400, "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n"),
    WireCase("RFC 3986, 3.2.3", "a port with a sign", 400, "GET / HTTP/1.1\r\nHost: a:-1\r\n\r\n"),
    WireCase("RFC 3986, 3.2.3", "a port of letters", 400, "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"),
    WireCase("RFC 3986, 3.2.3", "two ports", 400, "GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n"),
    WireCase("RFC 3986, 3.2.2", "a port alone", 400, "GET / HTTP/1.1\r\nHost: :80\r\n\r\n"),
    WireCase("RFC 9110, 7.2", "a path in Host", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    WireCase("RFC 9110, 7.2", "user information in Host", 400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
    WireCase("RFC 9110, 7.2", "a scheme in Host", 400, "GET / HTTP/1.1\r\nHost: http://a\r\n\r\n"),
    WireCase("RFC 9110, 7.2", "a space in Host", 400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
    WireCase("RFC 9110, 7.2", "markup in Host", 400, "GET / HTTP/1.1\r\nHost: <a>\r\n\r\n"),
    WireCase("RFC 9110, 7.2", "a backslash in Host", 400, "GET / HTTP/1.1\r\nHost: a\\b\r\n\r\n"),
  ]

  static let fields = [
    WireCase("RFC 9112, 5", "no white space around the value", 0, "GET / HTTP/1.1\r\nHost:a\r\n\r\n"),
    WireCase("RFC 9112, 5", "much white space around the value", 0, "GET / HTTP/1.1\r\nHost: \t a \t\r\n\r\n"),
    WireCase("RFC 9110, 5.5", "an empty value", 0, "GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n"),
    WireCase("RFC 9110, 5.5", "obs-text in a value", 0, "GET / HTTP/1.1\r\nHost: a\r\nX: é\r\n\r\n"),
    WireCase("RFC 9110, 5.5", "a tab in a value", 0, "GET / HTTP/1.1\r\nHost: a\r\nX: a\tb\r\n\r\n"),
    WireCase("RFC 9110, 5.1", "every character of a name", 0, "GET / HTTP/1.1\r\nHost: a\r\n!#$%&'*+-.^_`|~aZ09: x\r\n\r\n"),
    WireCase("RFC 9112, 5.1", "space before the colon", 400, "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
    WireCase("RFC 9112, 5.1", "a tab before the colon", 400, "GET / HTTP/1.1\r\nHost\t: a\r\n\r\n"),
    WireCase("RFC 9112, 5", "no colon", 400, "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n"),
    WireCase("RFC 9112, 5", "no name", 400, "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n"),
    WireCase("RFC 9112, 5", "a space in a name", 400, "GET / HTTP/1.1\r\nHost: a\r\nX Y: x\r\n\r\n"),
    WireCase("RFC 9110, 5.1", "a bracket in a name", 400, "GET / HTTP/1.1\r\nHost: a\r\nX[1]: x\r\n\r\n"),
    WireCase("RFC 9110, 5.1", "a name beyond ASCII", 400, "GET / HTTP/1.1\r\nHost: a\r\né: x\r\n\r\n"),
    WireCase("RFC 9112, 5.2", "a folded line", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n"),
    WireCase("RFC 9112, 5.2", "a line folded by a tab", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n\tb\r\n\r\n"),
    WireCase("RFC 9112, 2.2", "white space before the first field", 400, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
    WireCase("RFC 9112, 2.2", "bare LF after a field", 400, "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"),
    WireCase("RFC 9112, 2.2", "bare CR in a value", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n"),
    WireCase("RFC 9112, 2.2", "bare LF as the last empty line", 400, "GET / HTTP/1.1\r\nHost: a\r\n\n"),
    WireCase("RFC 9110, 5.5", "NUL in a value", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"),
    WireCase("RFC 9110, 5.5", "NUL in a name", 400, "GET / HTTP/1.1\r\nHost: a\r\nX\0: a\r\n\r\n"),
    WireCase("RFC 9110, 5.5", "DEL in a value", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: \u{7F}\r\n\r\n"),
    WireCase("RFC 9110, 5.5", "ESC in a value", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: \u{1B}[0m\r\n\r\n"),
  ]

  static let length = [
    WireCase("RFC 9110, 8.6", "a length", 0, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"),
    WireCase("RFC 9110, 8.6", "a length of zero", 0, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"),
    WireCase("RFC 9110, 8.6", "leading zeros", 0, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0003\r\n\r\nabc"),
    WireCase("RFC 9110, 9.3.1", "content in a GET is framed", 0, "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"),
    WireCase("RFC 9112, 6.3", "no length is no content", 0, "POST / HTTP/1.1\r\nHost: a\r\n\r\n"),
    WireCase("RFC 9110, 8.6", "an empty length", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n"),
    WireCase("RFC 9110, 8.6", "plus", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc"),
    WireCase("RFC 9110, 8.6", "minus", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\nabc"),
    WireCase("RFC 9110, 8.6", "minus zero", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -0\r\n\r\n"),
    WireCase("RFC 9110, 8.6", "hexadecimal", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x3\r\n\r\nabc"),
    WireCase("RFC 9110, 8.6", "an underscore", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1_0\r\n\r\n0123456789"),
    WireCase("RFC 9110, 8.6", "a fraction", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3.0\r\n\r\nabc"),
    WireCase("RFC 9110, 8.6", "an exponent", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3e0\r\n\r\nabc"),
    WireCase("RFC 9110, 8.6", "a space within", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1 0\r\n\r\n"),
    WireCase("RFC 9110, 8.6", "a quoted number", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \"3\"\r\n\r\nabc"),
    WireCase("RFC 9110, 8.6", "digits of another script", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ３\r\n\r\nabc"),
    WireCase("RFC 9110, 8.6", "a list of equal values", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\nabc"),
    WireCase("RFC 9110, 8.6", "a list of other values", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 4\r\n\r\nabc"),
    WireCase(
      "RFC 9112, 6.3", "two equal fields", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
    WireCase(
      "RFC 9112, 6.3", "two other fields", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\ncontent-length: 0\r\n\r\nabc"),
    WireCase("RFC 9110, 8.6", "2^32 + 3", 413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4294967299\r\n\r\nabc"),
    WireCase("RFC 9110, 8.6", "2^63", 413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\n"),
    WireCase("RFC 9110, 8.6", "2^64 + 3", 413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551619\r\n\r\nabc"),
    WireCase("RFC 9110, 15.5.14", "a byte too much", 413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n"),
  ]

  static let codings = [
    WireCase("RFC 9112, 7.1", "chunked", 0, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    WireCase(
      "RFC 9112, 7", "chunked in capitals", 0, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n"),
    WireCase(
      "RFC 9112, 6.1", "with a length", 400,
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    WireCase(
      "RFC 9112, 6.1", "before a length", 400,
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
    WireCase(
      "RFC 9112, 6.1", "with a length of zero", 400,
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 6.1", "in HTTP/1.0", 400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    WireCase(
      "RFC 9112, 6.1", "gzip before chunked", 501,
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    WireCase(
      "RFC 9112, 6.1", "gzip in a field before", 501,
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 6.3", "gzip alone", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"),
    WireCase("RFC 9112, 6.3", "identity", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n"),
    WireCase(
      "RFC 9112, 6.3", "chunked before identity", 400,
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
    WireCase(
      "RFC 9112, 6.3", "chunked in a field before", 400,
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n"),
    WireCase(
      "RFC 9112, 6.1", "chunked twice", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
    WireCase(
      "RFC 9112, 6.1", "chunked in two fields", 400,
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 6.1", "an empty value", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n"),
    WireCase(
      "RFC 9112, 6.1", "an empty element", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: , chunked\r\n\r\n0\r\n\r\n"),
    WireCase(
      "RFC 9112, 6.1", "a comma at the end", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked,\r\n\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 6.1", "xchunked", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 6.1", "quoted", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
    WireCase(
      "RFC 9112, 7", "with a parameter", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n"),
    WireCase(
      "RFC 9112, 5.1", "space before its colon", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"
    ),
    WireCase("RFC 9112, 5.2", "folded", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
    WireCase(
      "RFC 9110, 5.5", "a vertical tab before it", 400,
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u{0B}chunked\r\n\r\n0\r\n\r\n"),
    WireCase(
      "RFC 9112, 2.2", "hidden behind a bare CR", 400,
      "POST / HTTP/1.1\r\nHost: a\r\nX: y\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    WireCase(
      "RFC 9112, 2.2", "hidden behind a bare LF", 400,
      "POST / HTTP/1.1\r\nHost: a\r\nX: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
  ]

  private static let chunkedHead = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

  static let chunks = [
    WireCase("RFC 9112, 7.1", "two chunks", 0, chunkedHead + "3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "small hex digits", 0, chunkedHead + "a\r\n0123456789\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "leading zeros", 0, chunkedHead + "0003\r\nabc\r\n000\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "CRLF within the data", 0, chunkedHead + "4\r\n\r\n\r\n\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1.1", "an extension", 0, chunkedHead + "3;a\r\nabc\r\n0;b=c\r\n\r\n"),
    WireCase("RFC 9112, 7.1.1", "a quoted extension", 0, chunkedHead + "3;a=\"b;\\\"c\"\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1.1", "bad white space", 0, chunkedHead + "3 ; a = b ; c\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1.2", "trailers", 0, chunkedHead + "3\r\nabc\r\n0\r\nX: y\r\nContent-Length: 99\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "no size", 400, chunkedHead + "\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "a size with a prefix", 400, chunkedHead + "0x3\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "a size with a sign", 400, chunkedHead + "+3\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "a negative size", 400, chunkedHead + "-3\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "an underscore in a size", 400, chunkedHead + "1_0\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "a letter that is no digit", 400, chunkedHead + "g\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "space before a size", 400, chunkedHead + " 3\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1.1", "space after a size", 400, chunkedHead + "3 \r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "a size of 2^64 + 3", 413, chunkedHead + "10000000000000003\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "a size of 2^63", 413, chunkedHead + "8000000000000000\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "a size of 2^32 + 3", 413, chunkedHead + "100000003\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "bare LF after a size", 400, chunkedHead + "3\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "bare CR after a size", 400, chunkedHead + "3\rabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "bare LF after the data", 400, chunkedHead + "3\r\nabc\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "no CRLF after the data", 400, chunkedHead + "3\r\nabc0\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "data longer than its size", 400, chunkedHead + "3\r\nabcd\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "two other characters after the data", 400, chunkedHead + "3\r\nabcXX0\r\n\r\n"),
    WireCase("RFC 9112, 7.1", "bare LF at the end", 400, chunkedHead + "0\r\n\n"),
    WireCase("RFC 9112, 7.1", "bare CR at the end", 400, chunkedHead + "0\r\n\rX"),
    WireCase("RFC 9112, 7.1.1", "bare LF in an extension", 400, chunkedHead + "3;a\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1.1", "bare CR in an extension", 400, chunkedHead + "3;a\rb\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1.1", "LF in a quoted extension", 400, chunkedHead + "3;a=\"\n\"\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1.1", "CRLF in a quoted extension", 400, chunkedHead + "3;a=\"\r\n\"\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1.1", "an extension without a name", 400, chunkedHead + "3;\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1.1", "an extension without a value", 400, chunkedHead + "3;a=\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1.1", "text after a quotation", 400, chunkedHead + "3;a=\"b\"c\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1.1", "space at an extension's end", 400, chunkedHead + "3;a \r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1.1", "NUL in an extension", 400, chunkedHead + "3;a\0\r\nabc\r\n0\r\n\r\n"),
    WireCase("RFC 9112, 7.1.2", "a folded trailer", 400, chunkedHead + "0\r\nX: y\r\n z\r\n\r\n"),
    WireCase("RFC 9112, 7.1.2", "a trailer without a colon", 400, chunkedHead + "0\r\nGET / HTTP/1.1\r\n\r\n"),
    WireCase("RFC 9112, 7.1.2", "a trailer without a name", 400, chunkedHead + "0\r\n: y\r\n\r\n"),
    WireCase("RFC 9110, 5.5", "NUL in a trailer", 400, chunkedHead + "0\r\nX: \0\r\n\r\n"),
    WireCase("RFC 9112, 2.2", "bare LF after a trailer", 400, chunkedHead + "0\r\nX: y\n\r\n"),
  ]

  static let connection = [
    WireCase(
      "RFC 9110, 10.1.1", "an expectation", 0, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\nx"),
    WireCase("RFC 9110, 10.1.1", "an unknown expectation", 417, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n"),
    WireCase("RFC 9110, 10.1.1", "an unknown expectation in HTTP/1.0", 0, "POST / HTTP/1.0\r\nExpect: 200-ok\r\n\r\n"),
    WireCase(
      "RFC 9110, 7.6.1", "connection options", 0, "GET / HTTP/1.1\r\nHost: a\r\nConnection: , keep-alive,,upgrade\r\n\r\n"),
  ]
}
