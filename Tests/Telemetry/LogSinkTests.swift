import Foundation
import Telemetry
import Testing

@Suite struct LogSinkTests {
  @Test func `lines of many threads arrive whole, and none is lost while there is room`() throws {
    let pipe = TestPipe()
    let sink = LogSink(descriptor: pipe.writing)
    let reader = pipe.collect()
    hammer(threads: 8) { thread in
      for number in 0..<500 { sink.append(Array("thread \(thread) line \(number)\n".utf8)) }
    }
    sink.flush(milliseconds: 20_000)
    pipe.closeWriting()
    let lines = reader.value().split(separator: "\n")
    #expect(sink.droppedLines == 0)
    #expect(lines.count == 4_000)
    #expect(Set(lines).count == 4_000)
    #expect(lines.allSatisfy { $0.wholeMatch(of: /thread \d line \d+/) != nil })
  }

  @Test(arguments: [false, true])
  func `a pipe that nobody reads stops no caller, and what is lost is counted`(nonBlocking: Bool) throws {
    let pipe = TestPipe()
    if nonBlocking { _ = fcntl(pipe.writing, F_SETFL, O_NONBLOCK) }
    let sink = LogSink(descriptor: pipe.writing, capacity: 10_000)
    let line = [UInt8](repeating: UInt8(ascii: "x"), count: 99) + [UInt8(ascii: "\n")]
    hammer(threads: 4) { _ in
      for _ in 0..<1_000 { sink.append(line) }
    }
    let dropped = sink.droppedLines
    // A pipe holds 64 KiB, the buffer and the writer's batch 10,000 bytes each.
    #expect(dropped >= 4_000 - 656 - 200)
    #expect(dropped < 4_000)

    let reader = pipe.collect()
    sink.flush(milliseconds: 20_000)
    pipe.closeWriting()
    #expect(reader.value().split(separator: "\n").count == 4_000 - dropped)
  }

  @Test func `flushing a pipe that nobody reads ends at its deadline`() {
    let pipe = TestPipe()
    let sink = LogSink(descriptor: pipe.writing, capacity: 1 << 20)
    sink.append([UInt8](repeating: UInt8(ascii: "x"), count: 200_000) + [UInt8(ascii: "\n")])
    sink.flush(milliseconds: 50)
    // It came back: the reader's going then lets the writer go on.
    pipe.closeReading()
    sink.flush(milliseconds: 20_000)
    #expect(sink.droppedLines == 1)
    pipe.closeWriting()
  }

  @Test func `a reader that has gone costs the lines, each counted, and not the process`() {
    let pipe = TestPipe()
    pipe.closeReading()
    let sink = LogSink(descriptor: pipe.writing)
    for _ in 0..<10 { sink.append(Array("lost\n".utf8)) }
    sink.flush(milliseconds: 20_000)
    #expect(sink.droppedLines == 10)
    pipe.closeWriting()
  }
}
