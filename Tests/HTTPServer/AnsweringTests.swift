import TestSupport
import Testing

@testable import HTTPServer

@Suite struct AnsweringTests {
  @Test func `a connection is kept for further requests`() async throws {
    try await RunningServer.serve { running in
      let client = try running.client()
      for _ in 0..<3 {
        try client.send("GET /hello HTTP/1.1\r\nHost: shop\r\n\r\n")
        let response = try client.response()
        #expect(response.status == 200)
        #expect(response.text == "hello")
        #expect(response["date"] != nil)
        #expect(!response.closes)
      }
      #expect(running.server.statistics.accepted.load(ordering: .relaxed) == 1)
    }
  }

  @Test func `pipelined requests are answered in their order`() async throws {
    try await RunningServer.serve { running in
      let client = try running.client()
      try client.send(
        """
        GET /words HTTP/1.1\r\nHost: shop\r\n\r\nPOST /echo HTTP/1.1\r\nHost: shop\r\nContent-Length: 3\r\n\r\nabc\
        GET /peer HTTP/1.1\r\nHost: shop\r\n\r\nGET /gate HTTP/1.1\r\nHost: shop\r\n\r\nGET /hello HTTP/1.1\r\nHost: shop\r\n\r\n
        """)
      #expect(try client.response().text == "onetwo")
      #expect(try client.response().text == "abc")
      #expect(try client.response().text == "127.0.0.1")
      // The one behind a request that is still being answered waits for it.
      #expect(!running.service.paths.contains("/hello"))
      try await eventually { running.service.waitingAtGate == 1 }
      running.service.openGate()
      #expect(try client.response().text == "through")
      #expect(try client.response().text == "hello")
    }
  }

  @Test func `behind a malformed request nothing is executed, before it everything is answered`() async throws {
    try await RunningServer.serve { running in
      let client = try running.client()
      try client.send(
        """
        GET /one HTTP/1.1\r\nHost: shop\r\n\r\nGET /two HTTP/1.1\r\nHost: shop\r\n\r\n\
        GET /bad HTTP/1.1\r\nHost : shop\r\n\r\nGET /never HTTP/1.1\r\nHost: shop\r\n\r\n
        """)
      #expect(try client.response().status == 200)
      #expect(try client.response().status == 200)
      let refused = try client.response()
      #expect(refused.status == 400)
      #expect(refused.closes)
      let (text, end) = client.restAsText()
      #expect(text == "")
      #expect(end == .inOrder)
      #expect(running.service.paths == ["/one", "/two"])
    }
  }

  @Test func `bytes may come one by one`() async throws {
    try await RunningServer.serve { running in
      let client = try running.client()
      let request =
        "POST /echo HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n3;x=\"y\"\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
      for byte in request.utf8 { try client.send([byte]) }
      #expect(try client.response().text == "abcde")
      for byte in "GET /hello HTTP/1.1\r\nHost: shop\r\n\r\n".utf8 { try client.send([byte]) }
      #expect(try client.response().text == "hello")
    }
  }

  @Test func `HEAD has the length of GET and no content`() async throws {
    try await RunningServer.serve { running in
      let client = try running.client()
      try client.send("HEAD /hello HTTP/1.1\r\nHost: shop\r\n\r\nHEAD /words HTTP/1.1\r\nHost: shop\r\n\r\n")
      #expect(try client.response(hasContent: false)["content-length"] == "5")
      #expect(try client.response(hasContent: false)["transfer-encoding"] == "chunked")
      try client.send("GET /hello HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")
      #expect(try client.response().text == "hello")
      #expect(client.restAsText() == ("", .inOrder))
    }
  }

  @Test func `OPTIONS is answered for a path and for the server as a whole`() async throws {
    try await RunningServer.serve { running in
      let client = try running.client()
      try client.send("OPTIONS /hello HTTP/1.1\r\nHost: shop\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: shop\r\n\r\n")
      let path = try client.response()
      #expect(path.status == 204)
      #expect(path["allow"] == "GET, HEAD, OPTIONS")
      #expect(path["content-length"] == nil)
      #expect(try client.response()["allow"] == "*")
    }
  }

  @Test func `a client that expects 100-continue gets it, then the final answer`() async throws {
    try await RunningServer.serve { running in
      let client = try running.client()
      try client.send("POST /echo HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
      #expect(try client.response().status == 100)
      try client.send("hello")
      #expect(try client.response().text == "hello")
    }
  }

  @Test func `no 100 is sent to a client whose content is here already, or that speaks HTTP 1.0`() async throws {
    try await RunningServer.serve { running in
      let eager = try running.client()
      try eager.send("POST /echo HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello")
      #expect(try eager.response().status == 200)
      let old = try running.client()
      try old.send("POST /echo HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
      try old.send("hello")
      #expect(try old.response().text == "hello")
    }
  }

  @Test func `a chunked answer ends with the last chunk and the connection goes on`() async throws {
    try await RunningServer.serve { running in
      let client = try running.client()
      try client.send("GET /words HTTP/1.1\r\nHost: shop\r\n\r\nGET /hello HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")
      let words = try client.response()
      #expect(words["transfer-encoding"] == "chunked")
      #expect(words["content-length"] == nil)
      #expect(words.text == "onetwo")
      #expect(try client.response().text == "hello")
    }
  }

  @Test func `a streamed answer waits for a client that does not read`() async throws {
    try await RunningServer.serve { running in
      let client = try running.client(receiveBuffer: 16_384)
      try client.send("GET /stream HTTP/1.1\r\nHost: shop\r\n\r\n")
      try await eventually { running.service.pieces.load(ordering: .relaxed) > 0 }
      // Its own answer shows that the loop has since turned: the stream does not run ahead of its reader.
      let other = try running.client()
      try other.send("GET /hello HTTP/1.1\r\nHost: shop\r\n\r\n")
      #expect(try other.response().text == "hello")
      #expect(running.service.pieces.load(ordering: .relaxed) < 64)
      let response = try client.response()
      #expect(response.body.count == 64 * (256 << 10))
      #expect(running.service.pieces.load(ordering: .relaxed) == 64)
      #expect(running.service.finished.contains { $0.path == "/stream" && $0.bytesOut == 64 * (256 << 10) })
    }
  }

  @Test func `to HTTP 1.0 a streamed answer ends with the connection`() async throws {
    try await RunningServer.serve { running in
      let client = try running.client()
      try client.send("GET /words HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
      let (text, end) = client.restAsText()
      #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
      #expect(text.contains("\r\nConnection: close\r\n"))
      #expect(!text.contains("chunked"))
      #expect(text.hasSuffix("\r\n\r\nonetwo"))
      #expect(end == .inOrder)
    }
  }

  @Test func `HTTP 1.0 closes unless it asks to be kept`() async throws {
    try await RunningServer.serve { running in
      let kept = try running.client()
      try kept.send("GET /hello HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
      #expect(try kept.response()["connection"] == "keep-alive")
      try kept.send("GET /hello HTTP/1.0\r\n\r\n")
      #expect(try kept.response().closes)
      #expect(kept.restAsText() == ("", .inOrder))
    }
  }

  @Test func `after Connection close no further request is executed`() async throws {
    try await RunningServer.serve { running in
      let client = try running.client()
      try client.send(
        """
        GET /last HTTP/1.1\r\nHost: shop\r\nConnection: foo, CLOSE\r\n\r\n\
        POST /never HTTP/1.1\r\nHost: shop\r\nContent-Length: 0\r\n\r\n
        """)
      #expect(try client.response().closes)
      #expect(client.restAsText() == ("", .inOrder))
      #expect(running.service.paths == ["/last"])
    }
  }

  @Test(arguments: ["/hello", "/gate", "/big", "/words"])
  func `a client that has closed its half still gets its answers`(path: String) async throws {
    try await RunningServer.serve { running in
      running.service.openGate()
      let client = try running.client()
      try client.send("GET \(path) HTTP/1.1\r\nHost: shop\r\n\r\nGET /hello HTTP/1.1\r\nHost: shop\r\n\r\n")
      client.shutdownWrite()
      #expect(try client.response().status == 200)
      #expect(try client.response().text == "hello")
      #expect(client.restAsText() == ("", .inOrder))
      try await eventually { running.open == 0 }
    }
  }

  @Test func `a client that closes its half while it waits gets its answer`() async throws {
    try await RunningServer.serve { running in
      let client = try running.client()
      try client.send("GET /gate HTTP/1.1\r\nHost: shop\r\n\r\n")
      try await eventually { running.service.waitingAtGate == 1 }
      client.shutdownWrite()
      running.service.openGate()
      #expect(try client.response().text == "through")
      #expect(client.restAsText() == ("", .inOrder))
    }
  }

  @Test func `each exchange is told once, the refused and the abandoned too`() async throws {
    try await RunningServer.serve { running in
      let client = try running.client()
      try client.send(
        "POST /echo HTTP/1.1\r\nHost: shop\r\nContent-Length: 3\r\n\r\nabcHEAD /hello HTTP/1.1\r\nHost: shop\r\n\r\nnonsense\r\n")
      _ = client.rest()
      var abandoned: RawClient? = try running.client(receiveBuffer: 4_096)
      try abandoned?.send("GET /stream HTTP/1.1\r\nHost: shop\r\n\r\n")
      try await eventually { running.service.pieces.load(ordering: .relaxed) > 0 }
      abandoned = nil
      try await eventually { running.service.finished.count == 4 && running.open == 0 }
      let finished = running.service.finished
      #expect(finished[0] == TestService.Finished(path: "/echo", status: 200, bytesIn: 3, bytesOut: 3))
      #expect(finished[1] == TestService.Finished(path: "/hello", status: 200, bytesIn: 0, bytesOut: 0))
      #expect(finished[2].path == nil && finished[2].status == 400)
      #expect(finished[3].path == "/stream" && finished[3].bytesOut < 64 * (256 << 10))
    }
  }

  @Test func `connections are dealt evenly to the loops`() async throws {
    try await RunningServer.serve(loops: 2) { running in
      var clients: [RawClient] = []
      for _ in 0..<16 {
        let client = try running.client()
        try client.send("GET /hello HTTP/1.1\r\nHost: shop\r\n\r\n")
        #expect(try client.response().text == "hello")
        clients.append(client)
      }
      #expect(running.open == 16)
      clients = []
      try await eventually { running.open == 0 }
    }
  }
}
