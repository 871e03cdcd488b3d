import Conformance
import Foundation
import Fuzz
import Testing

/// What `make fuzz` looks for, of inputs that it found and of all cases: no crash, one meaning however the bytes are cut.
@Suite struct RequestFuzzTests {
  private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../Fuzz/Corpus")

  @Test func `every input of the corpus keeps what holds for all bytes`() throws {
    let files = try FileManager.default.contentsOfDirectory(at: Self.corpus, includingPropertiesForKeys: nil)
    #expect(files.count >= 100)
    for file in files {
      if let fault = RequestInvariants.fault(Array(try Data(contentsOf: file))) {
        Issue.record("\(file.lastPathComponent): \(fault)")
      }
    }
  }

  @Test func `so does every case of the RFCs`() {
    for wire in WireCase.all where wire.bytes.count < 1_000 {
      if let fault = RequestInvariants.fault(wire.bytes) { Issue.record("\(wire): \(fault)") }
    }
  }
}
