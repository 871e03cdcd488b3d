import Foundation
import Logging
import Telemetry
import Testing

@Suite struct LogLineTests {
  private struct Broken: Error {}

  private func lines(_ body: (LogSink) -> Void) -> [String] {
    let pipe = TestPipe()
    let sink = LogSink(descriptor: pipe.writing)
    let reader = pipe.collect()
    body(sink)
    sink.flush(milliseconds: 20_000)
    pipe.closeWriting()
    return reader.value().split(separator: "\n").map(String.init)
  }

  private func object(_ line: String?) throws -> [String: Any] {
    let line = try #require(line)
    return try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }

  @Test func `a request is one line with the fields that operators search by`() throws {
    let lines = lines { sink in
      AccessLog(sink).write(
        AccessLog.Entry(
          requestID: "req_1", traceID: "4bf92f3577b34da6a3ce929d0e0e4736", method: "GET", route: "/v1/products/{id}", status: 200,
          microseconds: 12_034, bytesIn: 0, bytesOut: 512))
    }
    #expect(lines.count == 1)
    let line = try #require(lines.first)
    #expect(
      line.hasSuffix(
        #""level":"info","message":"request","request_id":"req_1","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","method":"GET","#
          + #""route":"/v1/products/{id}","status":200,"duration_ms":12.034,"bytes_in":0,"bytes_out":512}"#))
    let time = try #require(try object(line)["time"] as? String)
    #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
    let parsed = try Date(time, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    #expect(abs(parsed.timeIntervalSinceNow) < 60)
  }

  @Test func `no value breaks out of its line or steers a terminal`() throws {
    let evil = "a\r\n{\"level\":\"error\"}\u{1B}[2J\u{7F}\u{9B}31m\\ \u{0} é ü 漢 \u{A0}"
    let lines = lines { sink in
      var logger = Logger(label: "shop") { JSONLogHandler(label: $0, sink: sink, level: .info) }
      logger[metadataKey: "fixed"] = "yes"
      logger.info("something happened", metadata: ["evil": "\(evil)", "ev\nil": ["nested": "\(evil)"]])
    }
    #expect(lines.count == 1)
    let line = try #require(lines.first)
    #expect(!line.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) })
    let fields = try object(line)
    #expect(fields["evil"] as? String == evil)
    #expect(fields["fixed"] as? String == "yes")
    #expect(fields["ev\nil"] is String)
    #expect(fields["logger"] as? String == "shop")
    #expect(fields["message"] as? String == "something happened")
  }

  @Test func `a long value is cut between characters`() throws {
    let lines = lines { sink in
      Logger(label: "shop") { JSONLogHandler(label: $0, sink: sink, level: .info) }
        .info("long", metadata: ["text": "\("x" + String(repeating: "漢", count: 5_000))"])
    }
    let text = try #require(try object(lines.first)["text"] as? String)
    #expect(text == "x" + String(repeating: "漢", count: 1_365) + "…")
  }

  @Test func `a field of the caller's cannot stand in for one of the line's own`() throws {
    let lines = lines { sink in
      Logger(label: "shop") { JSONLogHandler(label: $0, sink: sink, level: .info) }
        .warning("failed", error: Broken(), metadata: ["level": "debug", "error": "mine", "time": "never"])
    }
    let fields = try object(lines.first)
    #expect(fields["level"] as? String == "warning")
    #expect(fields["metadata_level"] as? String == "debug")
    #expect(fields["error"] as? String == "Broken()")
    #expect(fields["metadata_error"] as? String == "mine")
    #expect(fields["metadata_time"] as? String == "never")
  }

  @Test func `what is below the level is not written`() {
    let lines = lines { sink in
      let logger = Logger(label: "shop") { JSONLogHandler(label: $0, sink: sink, level: .warning) }
      logger.info("quiet")
      logger.error("loud")
    }
    #expect(lines.count == 1)
  }
}
