/// Bytes that a client sends, and what the RFCs make of them.
///
/// A case that is answered to its end leaves the connection open or closed as it says; whoever plays it sends a further request
/// behind it, which an open connection answers and a closed one never executes.
package struct WireCase: CustomStringConvertible, Sendable {
  /// What is sent once the expectations of the step before have come true.
  package struct Step: Sendable {
    package let bytes: [UInt8]
    package let expected: Expected
  }

  /// The rule that decides, such as `RFC 9112, 5.1`; where it is a bound of this server, the rule that allows one.
  package let section: String
  package let name: String
  package let steps: [Step]
  /// After the last byte the client closes its half of the connection.
  package let halfCloses: Bool

  package init(_ section: String, _ name: String, _ bytes: String, _ expected: Expected, halfCloses: Bool = false) {
    self.init(section, name, Array(bytes.utf8), expected, halfCloses: halfCloses)
  }

  /// For bytes that are no UTF-8.
  package init(_ section: String, _ name: String, _ bytes: [UInt8], _ expected: Expected, halfCloses: Bool = false) {
    self.section = section
    self.name = name
    steps = [Step(bytes: bytes, expected: expected)]
    self.halfCloses = halfCloses
  }

  /// A conversation: each part is sent when the one before has been answered, or has been seen to be answered with silence.
  package init(_ section: String, _ name: String, _ parts: [(String, Expected)], halfCloses: Bool = false) {
    self.section = section
    self.name = name
    steps = parts.map { Step(bytes: Array($0.utf8), expected: $1) }
    self.halfCloses = halfCloses
  }

  package var description: String { "\(section): \(name)" }
  /// All that the client sends.
  package var bytes: [UInt8] { steps.flatMap(\.bytes) }
  /// All that it hears.
  package var answers: [Expected.Answer] { steps.flatMap(\.expected.answers) }
  package var closes: Bool { steps.last?.expected.closes ?? false }
  /// The client ends within a request.
  package var endsWithin: Bool { steps.last?.expected.isWithin ?? false }
  /// The server found something that is no acceptable request.
  package var isRefused: Bool { answers.last?.isRefusal ?? false }

  /// By what it is about.
  package static let areas: [(name: String, cases: [WireCase])] = [
    ("request line", requestLines), ("line ends", lineEnds), ("target", targets), ("absolute-form", absoluteTargets),
    ("escapes and dot segments", escapes), ("Host", hosts), ("fields", fieldLines), ("control characters", controlCharacters),
    ("Content-Length", contentLengths), ("Transfer-Encoding", transferCodings), ("chunks", chunks),
    ("chunk extensions", chunkExtensions), ("trailers", trailers), ("pipelining", pipelines), ("Expect", expectations),
    ("HEAD and OPTIONS", headAndOptions), ("HTTP/1.0", oldVersions), ("Connection", connectionOptions),
    ("half-close", halfClosing),
    ("limits", limits),
  ]
  package static let all = areas.flatMap(\.cases)
}
