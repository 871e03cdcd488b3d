extension WireCase {
  /// Several requests on one connection: each is answered in its order, and behind what is wrong nothing is executed
  /// (RFC 9112, sections 9.3.2 and 6.3).
  static let pipelines: [WireCase] = [
    WireCase("RFC 9112, 9.3.2", "two requests", get("/1") + get("/2"), .sees("GET /1", "GET /2")),
    WireCase(
      "RFC 9112, 9.3.2", "three methods", get("/1") + line("HEAD /2 HTTP/1.1") + line("DELETE /3 HTTP/1.1"),
      .sees("GET /1", "HEAD /2", "DELETE /3")),
    WireCase(
      "RFC 9112, 9.3.2", "content of each kind between them",
      length("3") + chunked("1\r\nd\r\n0\r\n\r\n") + get("/2") + length("3"),
      .sees("POST / abc", "POST / d", "GET /2", "POST / abc")),
    WireCase(
      "RFC 9112, 9.3.2", "eight requests", repeated(get("/"), 8),
      .sees("GET /", "GET /", "GET /", "GET /", "GET /", "GET /", "GET /", "GET /")),
    WireCase(
      "RFC 9112, 9.3.2", "answers of each kind", get("/") + line("OPTIONS /2 HTTP/1.1") + get("/files/..") + get("/3"),
      .sees("GET /").then(.answers(204, "OPTIONS /2")).then(.answers(404, "GET /files/..")).thenSees("GET /3")),
    WireCase(
      "RFC 9112, 2.2", "empty lines between them", get("/1") + "\r\n" + get("/2") + "\r\n\r\n\r\n\r\n" + get("/3"),
      .sees("GET /1", "GET /2", "GET /3")),
    WireCase("RFC 9112, 2.2", "an empty line behind content", length("3") + "\r\n" + get("/2"), .sees("POST / abc", "GET /2")),
    WireCase(
      "RFC 9112, 2.2", "five empty lines between them", get("/1") + "\r\n\r\n\r\n\r\n\r\n" + get("/2"),
      .sees("GET /1").thenRefuses(400)),
    WireCase("RFC 9112, 2.2", "a bare LF between them", get("/1") + "\n" + get("/2"), .sees("GET /1").thenRefuses(400)),
    WireCase("RFC 9112, 2.2", "a NUL between them", get("/1") + "\0" + get("/2"), .sees("GET /1").thenRefuses(400)),
    WireCase("RFC 9112, 3", "a space between them", get("/1") + " " + get("/2"), .sees("GET /1").thenRefuses(400)),
    WireCase(
      "RFC 9112, 3", "what is no request line behind two", get("/1") + get("/2") + "nonsense\r\n\r\n",
      .sees("GET /1", "GET /2").thenRefuses(400)),
    WireCase(
      "RFC 9112, 5.1", "space before a colon in the middle", get("/1") + fields("X : y") + get("/3"),
      .sees("GET /1").thenRefuses(400)),
    WireCase(
      "RFC 9112, 5.2", "a folded line in the middle", get("/1") + fields("X: y\r\n z") + get("/3"),
      .sees("GET /1").thenRefuses(400)),
    WireCase(
      "RFC 9112, 3.2", "a request without Host in the middle", get("/1") + "GET /2 HTTP/1.1\r\n\r\n" + get("/3"),
      .sees("GET /1").thenRefuses(400)),
    WireCase(
      "RFC 9112, 6.1", "both framings in the middle",
      get("/1") + coded("Content-Length: 13\r\nTransfer-Encoding: chunked") + get("/3"), .sees("GET /1").thenRefuses(400)),
    WireCase(
      "RFC 9110, 8.6", "a bad length in the middle", get("/1") + length("+3") + get("/3"), .sees("GET /1").thenRefuses(400)),
    WireCase(
      "RFC 9112, 7.1", "a bad chunk in the middle", get("/1") + chunked("3\r\nabcd\r\n") + get("/3"),
      .sees("GET /1").thenRefuses(400)),
    WireCase(
      "RFC 9110, 15.5.14", "too much content in the middle", get("/1") + length("1048577") + get("/3"),
      .sees("GET /1").thenRefuses(413)),
    WireCase(
      "RFC 9110, 9.1", "an unknown method in the middle", get("/1") + line("BREW /2 HTTP/1.1") + get("/3"),
      .sees("GET /1").thenRefuses(501)),
    WireCase(
      "RFC 9112, 6.1", "an unknown coding in the middle", get("/1") + coded("Transfer-Encoding: gzip, chunked") + get("/3"),
      .sees("GET /1").thenRefuses(501)),
    WireCase(
      "RFC 9110, 15.6.6", "another version in the middle", get("/1") + line("GET /2 HTTP/2.0") + get("/3"),
      .sees("GET /1").thenRefuses(505)),
    WireCase(
      "RFC 9110, 10.1.1", "an unknown expectation in the middle", get("/1") + fields("Expect: x") + get("/3"),
      .sees("GET /1").thenRefuses(417)),
    WireCase(
      "RFC 9112, 3", "a target that is too long in the middle", get("/1") + get("/" + repeated("a", 17_000)) + get("/3"),
      .sees("GET /1").thenRefuses(414)),
    WireCase(
      "RFC 9112, 9.6", "the last request in the middle", get("/1") + fields("Connection: close") + get("/3"),
      .sees("GET /1", "GET /").thenCloses),
    WireCase(
      "RFC 9112, 9.3", "HTTP/1.0 in the middle", get("/1") + "GET /2 HTTP/1.0\r\n\r\n" + get("/3"),
      .sees("GET /1", "GET /2").thenCloses),
    WireCase(
      "RFC 9112, 9.3", "HTTP/1.0 that is kept alive in the middle",
      get("/1") + "GET /2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + get("/3"), .sees("GET /1", "GET /2", "GET /3")),
    WireCase(
      "RFC 9112, 9.3.2", "one by one", [(get("/1"), .sees("GET /1")), (get("/2"), .sees("GET /2")), (get("/3"), .sees("GET /3"))]),
    WireCase(
      "RFC 9112, 9.3.2", "one and a half",
      [(get("/1") + "GET /2 HT", .sees("GET /1")), ("TP/1.1\r\nHost: a\r\n\r\n", .sees("GET /2"))]),
    WireCase(
      "RFC 9112, 9.3.2", "content that ends in the middle of its chunk",
      [(get("/1") + chunked("3\r\na"), .sees("GET /1")), ("bc\r\n0\r\n\r\n" + get("/2"), .sees("POST / abc", "GET /2"))]),
  ]

  private static func expecting(_ fields: String) -> String { "POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n" }

  /// `Expect: 100-continue` is answered at once, with 100 or a final status (RFC 9110, section 10.1.1).
  static let expectations: [WireCase] = [
    WireCase(
      "RFC 9110, 10.1.1", "content follows the 100",
      [(expecting("Expect: 100-continue\r\nContent-Length: 3"), .continues), ("abc", .sees("POST / abc"))]),
    WireCase(
      "RFC 9110, 10.1.1", "chunks follow the 100",
      [
        (expecting("Expect: 100-continue\r\nTransfer-Encoding: chunked"), .continues),
        ("3\r\nabc\r\n0\r\n\r\n", .sees("POST / abc")),
      ]),
    WireCase(
      "RFC 9110, 10.1.1", "in capitals",
      [(expecting("EXPECT: 100-CONTINUE\r\nContent-Length: 3"), .continues), ("abc", .sees("POST / abc"))]),
    WireCase(
      "RFC 9110, 10.1.1", "twice",
      [
        (expecting("Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 3"), .continues),
        ("abc", .sees("POST / abc")),
      ]),
    WireCase(
      "RFC 9110, 10.1.1", "of a GET with content",
      [
        ("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n", .continues),
        ("abc", .sees("GET / abc")),
      ]),
    WireCase(
      "RFC 9112, 9.3.2", "behind another request",
      [
        (get("/1") + expecting("Expect: 100-continue\r\nContent-Length: 3"), .sees("GET /1").then(.continues)),
        ("abc", .sees("POST / abc")),
      ]),
    WireCase(
      "RFC 9112, 9.6", "of the last request",
      [
        (expecting("Expect: 100-continue\r\nConnection: close\r\nContent-Length: 3"), .continues),
        ("abc", .sees("POST / abc").thenCloses),
      ]),
    WireCase(
      "RFC 9112, 7.1", "content that is bad behind the 100",
      [(expecting("Expect: 100-continue\r\nTransfer-Encoding: chunked"), .continues), ("x", .refuses(400))]),
    WireCase(
      "RFC 9110, 10.1.1", "content that is here already needs no 100",
      expecting("Expect: 100-continue\r\nContent-Length: 3") + "abc",
      .sees("POST / abc")),
    WireCase("RFC 9110, 10.1.1", "no content needs no 100", expecting("Expect: 100-continue"), .sees("POST /")),
    WireCase(
      "RFC 9110, 10.1.1", "content of no bytes needs no 100", expecting("Expect: 100-continue\r\nContent-Length: 0"),
      .sees("POST /")),
    WireCase(
      "RFC 9110, 10.1.1", "HTTP/1.0 gets no 100",
      [
        ("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n", .silence),
        ("abc", .sees("POST / abc").thenCloses),
      ]),
    WireCase(
      "RFC 9110, 10.1.1", "in HTTP/1.0 what is unknown is ignored", "GET / HTTP/1.0\r\nExpect: x\r\n\r\n",
      .sees("GET /").thenCloses),
    WireCase(
      "RFC 9110, 10.1.1", "content that is announced too large", expecting("Expect: 100-continue\r\nContent-Length: 1048577"),
      .refuses(413)),
    WireCase(
      "RFC 9112, 6.1", "both framings",
      expecting("Expect: 100-continue\r\nContent-Length: 3\r\nTransfer-Encoding: chunked"), .refuses(400)),
    WireCase("RFC 9110, 10.1.1", "of what is unknown", expecting("Expect: 200-ok"), .refuses(417)),
    WireCase(
      "RFC 9110, 10.1.1", "of what is unknown, with content", expecting("Expect: 200-ok\r\nContent-Length: 3") + "abc",
      .refuses(417)),
    WireCase("RFC 9110, 10.1.1", "of nothing", expecting("Expect:"), .refuses(417)),
    WireCase("RFC 9110, 10.1.1", "of more than 100", expecting("Expect: 100-continue, x"), .refuses(417)),
    WireCase("RFC 9110, 10.1.1", "of more in a second field", expecting("Expect: 100-continue\r\nExpect: x"), .refuses(417)),
    WireCase("RFC 9110, 10.1.1", "with a parameter", expecting("Expect: 100-continue;a=b"), .refuses(417)),
    WireCase(
      "RFC 9110, 10.1.1", "with a word before it", expecting("Expect: y 100-continue\r\nContent-Length: 3") + "abc", .refuses(417)
    ),
    WireCase("RFC 9110, 10.1.1", "a word that begins like it", expecting("Expect: 100-continued"), .refuses(417)),
    WireCase("RFC 9112, 5.2", "folded", expecting("Expect:\r\n 100-continue"), .refuses(400)),
    WireCase("RFC 9112, 5.1", "space before its colon", expecting("Expect : 100-continue"), .refuses(400)),
    WireCase("RFC 9110, 5.5", "NUL behind it", expecting("Expect: 100-continue\0"), .refuses(400)),
  ]

  /// HEAD has the fields of GET and never content; OPTIONS may ask about the whole server (RFC 9110, sections 9.3.2 and 9.3.7).
  static let headAndOptions: [WireCase] = [
    WireCase(
      "RFC 9110, 9.3.2", "HEAD has the length of GET", line("HEAD /a HTTP/1.1"), .sees("HEAD /a", fields: ["content-length": "2"])
    ),
    WireCase("RFC 9110, 9.3.1", "GET has a length", line("GET /a HTTP/1.1"), .sees("GET /a", fields: ["content-length": "2"])),
    WireCase("RFC 9110, 9.3.2", "HEAD of what is not there", line("HEAD /files/.. HTTP/1.1"), .answers(404, "HEAD /files/..")),
    WireCase(
      "RFC 9110, 9.3.2", "HEAD and GET in turn", line("HEAD /a HTTP/1.1") + get("/a") + line("HEAD /b HTTP/1.1"),
      .sees("HEAD /a", "GET /a", "HEAD /b")),
    WireCase(
      "RFC 9110, 9.3.2", "HEAD of a stream", line("HEAD /pieces HTTP/1.1"),
      .sees("HEAD /pieces", fields: ["transfer-encoding": "chunked", "content-length": nil])),
    WireCase(
      "RFC 9112, 7.1", "GET of a stream", get("/pieces"),
      .sees("GET /pieces", fields: ["transfer-encoding": "chunked", "content-length": nil])),
    WireCase("RFC 9112, 7.1", "GET of a stream, and what follows", get("/pieces") + get("/2"), .sees("GET /pieces", "GET /2")),
    WireCase("RFC 9110, 9.3.2", "HEAD in HTTP/1.0", "HEAD /a HTTP/1.0\r\n\r\n", .sees("HEAD /a").thenCloses),
    WireCase("RFC 9110, 9.3.2", "HEAD of absolute-form", line("HEAD http://a/b HTTP/1.1"), .sees("HEAD /b")),
    WireCase("RFC 9110, 9.3.2", "a HEAD that is refused has no content either", "HEAD / HTTP/1.1\r\n\r\n", .refusesHead(400)),
    WireCase("RFC 9110, 9.3.2", "a HEAD with a bad field", line("HEAD / HTTP/1.1\r\nX : y"), .refusesHead(400)),
    WireCase(
      "RFC 9110, 9.3.2", "a HEAD with both framings",
      "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .refusesHead(400)),
    WireCase(
      "RFC 9110, 9.3.2", "a HEAD with a bad chunk", "HEAD / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx",
      .refusesHead(400)),
    WireCase(
      "RFC 9110, 9.3.2", "a HEAD with too much content", "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n",
      .refusesHead(413)),
    WireCase("RFC 9110, 9.3.2", "a HEAD that expects what is unknown", line("HEAD / HTTP/1.1\r\nExpect: x"), .refusesHead(417)),
    WireCase(
      "RFC 9110, 9.3.2", "a HEAD with too many fields", line("HEAD / HTTP/1.1\(repeated("\r\nX: y", 100))"), .refusesHead(431)),
    WireCase(
      "RFC 9110, 9.3.2", "what is refused behind a HEAD has content", line("HEAD /a HTTP/1.1") + "GET / HTTP/1.1\r\n\r\n",
      .sees("HEAD /a").thenRefuses(400)),
    WireCase(
      "RFC 9110, 9.3.2", "a HEAD that is refused behind a GET", get("/a") + "HEAD / HTTP/1.1\r\n\r\n",
      .sees("GET /a").then(.refusesHead(400))),

    WireCase(
      "RFC 9112, 3.2.4", "OPTIONS of the server", line("OPTIONS * HTTP/1.1"), .answers(204, "OPTIONS *", fields: ["allow": "*"])),
    WireCase(
      "RFC 9112, 3.2.4", "OPTIONS of the server in absolute-form", line("OPTIONS http://a HTTP/1.1"),
      .answers(204, "OPTIONS /", fields: ["allow": "*"])),
    WireCase(
      "RFC 9110, 9.3.7", "OPTIONS of a path", line("OPTIONS /a HTTP/1.1"),
      .answers(204, "OPTIONS /a", fields: ["allow": "GET, HEAD, OPTIONS"])),
    WireCase(
      "RFC 9110, 9.3.7", "OPTIONS of the root", line("OPTIONS / HTTP/1.1"),
      .answers(204, "OPTIONS /", fields: ["allow": "GET, HEAD, OPTIONS"])),
    WireCase(
      "RFC 9112, 3.2.4", "OPTIONS of the root in absolute-form", line("OPTIONS http://a/ HTTP/1.1"),
      .answers(204, "OPTIONS /", fields: ["allow": "GET, HEAD, OPTIONS"])),
    WireCase(
      "RFC 9112, 3.2.4", "OPTIONS of a query in absolute-form", line("OPTIONS http://a?b HTTP/1.1"),
      .answers(204, "OPTIONS /?b", fields: ["allow": "GET, HEAD, OPTIONS"])),
    WireCase(
      "RFC 9110, 8.6", "what has no content tells no length", line("OPTIONS * HTTP/1.1"),
      .answers(204, "OPTIONS *", fields: ["content-length": nil, "transfer-encoding": nil])),
    WireCase(
      "RFC 9110, 9.3.7", "OPTIONS with content", "OPTIONS * HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
      .answers(204, "OPTIONS * abc")),
    WireCase(
      "RFC 9110, 7.6.2", "OPTIONS with Max-Forwards", line("OPTIONS * HTTP/1.1\r\nMax-Forwards: 0"), .answers(204, "OPTIONS *")),
    WireCase(
      "RFC 9112, 9.3.2", "OPTIONS, and what follows", line("OPTIONS * HTTP/1.1") + get("/2"),
      .answers(204, "OPTIONS *").thenSees("GET /2")),
  ]

  private static func old(_ fields: String) -> String { "GET / HTTP/1.0\r\n\(fields)\r\n\r\n" }

  /// HTTP/1.0: no Host is needed, the connection closes unless it asks not to, and there are no chunks (RFC 9112, appendix C.2).
  static let oldVersions: [WireCase] = [
    WireCase("RFC 9112, 9.3", "closes", "GET / HTTP/1.0\r\n\r\n", .sees("GET /").thenCloses),
    WireCase("RFC 9112, 9.3", "closes with a Host", old("Host: a"), .sees("GET /").thenCloses),
    WireCase(
      "RFC 9110, 2.5", "is answered as HTTP/1.1", old("Accept: */*"), .sees("GET /", fields: ["connection": "close"]).thenCloses),
    WireCase(
      "RFC 9112, C.2.2", "is kept alive if it asks so", old("Connection: keep-alive"),
      .sees("GET /", fields: ["connection": "keep-alive"])),
    WireCase(
      "RFC 9112, C.2.2", "is kept alive in capitals", old("CONNECTION: Keep-Alive"),
      .sees("GET /", fields: ["connection": "keep-alive"])),
    WireCase(
      "RFC 9112, C.2.2", "is kept alive by one option of several", old("Connection: TE, keep-alive"),
      .sees("GET /", fields: ["connection": "keep-alive"])),
    WireCase("RFC 9112, 9.3", "close wins over keep-alive", old("Connection: keep-alive, close"), .sees("GET /").thenCloses),
    WireCase(
      "RFC 9112, 9.3", "close in another field wins over keep-alive", old("Connection: keep-alive\r\nConnection: close"),
      .sees("GET /").thenCloses),
    WireCase(
      "RFC 9112, C.2.2", "Proxy-Connection keeps nothing alive", old("Proxy-Connection: keep-alive"), .sees("GET /").thenCloses),
    WireCase("RFC 9112, C.2.2", "Keep-Alive keeps nothing alive", old("Keep-Alive: timeout=5"), .sees("GET /").thenCloses),
    WireCase("RFC 9112, 6.3", "content", "POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", .sees("POST / abc").thenCloses),
    WireCase("RFC 9112, 6.3", "no length is no content", "POST / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", .sees("POST /")),
    WireCase(
      "RFC 9112, 6.3", "two lengths", "POST / HTTP/1.0\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", .refuses(400)),
    WireCase(
      "RFC 9112, 6.1", "a stream ends with the connection", "GET /pieces HTTP/1.0\r\n\r\n",
      .sees("GET /pieces", fields: ["transfer-encoding": nil, "content-length": nil, "connection": "close"]).thenCloses),
    WireCase(
      "RFC 9112, 6.1", "a stream ends with the connection that it asked to keep",
      "GET /pieces HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
      .sees("GET /pieces", fields: ["transfer-encoding": nil, "content-length": nil, "connection": "close"]).thenCloses),
    WireCase("RFC 9112, 3.2", "two Hosts", old("Host: a\r\nHost: a"), .refuses(400)),
    WireCase("RFC 9112, 3.2", "a bad Host", old("Host: a/b"), .refuses(400)),
    WireCase("RFC 9112, 5.1", "space before a colon", old("X : y"), .refuses(400)),
    WireCase("RFC 9112, 2.2", "bare LF", "GET / HTTP/1.0\n\n", .refuses(400)),
    WireCase("RFC 9110, 9.1", "an unknown method", "BREW / HTTP/1.0\r\n\r\n", .refuses(501)),
  ]

  /// Connection is a list of options in any case (RFC 9110, section 7.6.1); behind the last request nothing is executed
  /// (RFC 9112, section 9.6).
  static let connectionOptions: [WireCase] = [
    WireCase("RFC 9112, 9.3", "HTTP/1.1 goes on", get("/"), .sees("GET /", fields: ["connection": nil])),
    WireCase("RFC 9112, 9.6", "close", fields("Connection: close"), .sees("GET /", fields: ["connection": "close"]).thenCloses),
    WireCase("RFC 9110, 7.6.1", "close in capitals", fields("CONNECTION: CLOSE"), .sees("GET /").thenCloses),
    WireCase("RFC 9110, 7.6.1", "close among others", fields("Connection: TE , Close,x"), .sees("GET /").thenCloses),
    WireCase(
      "RFC 9110, 7.6.1", "close in a second field", fields("Connection: x\r\nconnection: close"), .sees("GET /").thenCloses),
    WireCase("RFC 9110, 7.6.1", "close behind a tab", fields("Connection: x,\tclose"), .sees("GET /").thenCloses),
    WireCase("RFC 9112, 9.3", "close wins over keep-alive", fields("Connection: keep-alive, close"), .sees("GET /").thenCloses),
    WireCase(
      "RFC 9112, 9.6", "close of a request with content",
      "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc",
      .sees("POST / abc").thenCloses),
    WireCase("RFC 9112, 9.6", "close of a HEAD", line("HEAD / HTTP/1.1\r\nConnection: close"), .sees("HEAD /").thenCloses),
    WireCase(
      "RFC 9112, 9.6", "close of a stream", line("GET /pieces HTTP/1.1\r\nConnection: close"),
      .sees("GET /pieces", fields: ["transfer-encoding": "chunked"]).thenCloses),
    WireCase(
      "RFC 9112, 9.6", "close of OPTIONS", line("OPTIONS * HTTP/1.1\r\nConnection: close"), .answers(204, "OPTIONS *").thenCloses),
    WireCase("RFC 9110, 7.6.1", "keep-alive", fields("Connection: keep-alive"), .sees("GET /")),
    WireCase("RFC 9110, 7.6.1", "empty elements", fields("Connection: , keep-alive,,x,"), .sees("GET /")),
    WireCase("RFC 9110, 7.6.1", "nothing", fields("Connection:"), .sees("GET /")),
    WireCase("RFC 9110, 7.6.1", "a word that begins like close", fields("Connection: closed"), .sees("GET /")),
    WireCase("RFC 9110, 7.6.1", "a word that ends like close", fields("Connection: disclose, x-close"), .sees("GET /")),
    WireCase("RFC 9110, 7.6.1", "close in quotes", fields("Connection: \"close\""), .sees("GET /")),
    WireCase("RFC 9110, 7.6.1", "a field that ends in Connection is another", fields("Proxy-Connection: close"), .sees("GET /")),
    WireCase("RFC 9110, 7.6.1", "the Host as an option takes it not away", fields("Connection: host"), .sees("GET /")),
    WireCase("RFC 9110, 7.8", "an upgrade is not taken", fields("Connection: upgrade\r\nUpgrade: websocket"), .sees("GET /")),
    WireCase(
      "RFC 9113, 3.1", "an upgrade to HTTP/2 is not taken",
      fields("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk"),
      .sees("GET /")),
  ]

  /// A client that has closed its half of the connection still wants its answers (RFC 9112, section 9.6).
  static let halfClosing: [WireCase] = [
    WireCase("RFC 9112, 9.6", "behind a request", get("/"), .sees("GET /").thenCloses, halfCloses: true),
    WireCase(
      "RFC 9112, 9.6", "behind three requests", get("/1") + length("3") + get("/3"),
      .sees("GET /1", "POST / abc", "GET /3").thenCloses,
      halfCloses: true),
    WireCase("RFC 9112, 9.6", "behind a stream's request", get("/pieces"), .sees("GET /pieces").thenCloses, halfCloses: true),
    WireCase(
      "RFC 9112, 9.6", "behind the last request", fields("Connection: close"), .sees("GET /").thenCloses, halfCloses: true),
    WireCase("RFC 9112, 9.6", "behind what is refused", fields("X : y"), .refuses(400), halfCloses: true),
    WireCase(
      "RFC 9112, 9.6", "behind a request and an empty line", get("/") + "\r\n", .sees("GET /").thenCloses, halfCloses: true),
    WireCase("RFC 9112, 8", "behind nothing", "\r\n", .silence.thenCloses, halfCloses: true),
    WireCase("RFC 9112, 8", "within a request line", "GET / HT", .endsWithin, halfCloses: true),
    WireCase("RFC 9112, 8", "within the fields", "GET / HTTP/1.1\r\nHost: a\r\n", .endsWithin, halfCloses: true),
    WireCase("RFC 9112, 8", "before the last LF", "GET / HTTP/1.1\r\nHost: a\r\n\r", .endsWithin, halfCloses: true),
    WireCase("RFC 9112, 8", "within content of a known length", length("4"), .endsWithin, halfCloses: true),
    WireCase("RFC 9112, 8", "before the last chunk", chunked("3\r\nabc\r\n"), .endsWithin, halfCloses: true),
    WireCase("RFC 9112, 8", "within the trailers", chunked("0\r\nX: y\r\n"), .endsWithin, halfCloses: true),
    WireCase(
      "RFC 9112, 8", "behind a request, within the next", get("/") + "GET /2", .sees("GET /").thenEndsWithin, halfCloses: true),
    WireCase(
      "RFC 9112, 8", "behind the 100",
      [("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n", .continues), ("ab", .endsWithin)],
      halfCloses: true),
  ]

  /// Bounds: at least 8000 octets of request line are taken (RFC 9112, section 3), and what is more has its status.
  static let limits: [WireCase] = [
    WireCase(
      "RFC 9112, 3", "a request line of 8000 octets", get("/" + repeated("a", 7_986)), .sees("GET /" + repeated("a", 7_986))),
    WireCase("RFC 9112, 3", "a request line of 16 KB", get("/" + repeated("a", 16_370)), .sees("GET /" + repeated("a", 16_370))),
    WireCase("RFC 9112, 3", "a byte more", get("/" + repeated("a", 16_371)), .refuses(414)),
    WireCase("RFC 9112, 3", "a query that is too long", get("/?" + repeated("a", 20_000)), .refuses(414)),
    WireCase("RFC 9112, 3", "an absolute-form that is too long", get("http://a/" + repeated("a", 20_000)), .refuses(414)),
    WireCase("RFC 9112, 3", "a target without an end", "GET /" + repeated("a", 16_380), .refuses(414)),
    WireCase("RFC 6585, 5", "100 fields", fields(repeated("X: y\r\n", 98) + "X: y"), .sees("GET /")),
    WireCase("RFC 6585, 5", "a field more", fields(repeated("X: y\r\n", 99) + "X: y"), .refuses(431)),
    WireCase("RFC 6585, 5", "fields of 32 KB", fields("X: " + repeated("y", 32_754)), .sees("GET /")),
    WireCase("RFC 6585, 5", "a byte more in fields", fields("X: " + repeated("y", 32_755)), .refuses(431)),
    WireCase("RFC 6585, 5", "a value without an end", "GET / HTTP/1.1\r\nHost: a\r\nX: " + repeated("y", 33_000), .refuses(431)),
    WireCase("RFC 6585, 5", "a name without an end", "GET / HTTP/1.1\r\nHost: a\r\n" + repeated("X", 33_000), .refuses(431)),
    WireCase(
      "RFC 6585, 5", "many fields, too large in total", fields(repeated("X: \(repeated("y", 600))\r\n", 60) + "X: y"),
      .refuses(431)),
    WireCase(
      "RFC 9110, 15.5.14", "content of 64 KB",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n" + repeated("a", 65_536),
      .sees("POST / " + repeated("a", 65_536))),
    WireCase(
      "RFC 9110, 15.5.14", "content of 64 KB in a chunk", chunked("10000\r\n\(repeated("a", 65_536))\r\n0\r\n\r\n"),
      .sees("POST / " + repeated("a", 65_536))),
  ]
}
