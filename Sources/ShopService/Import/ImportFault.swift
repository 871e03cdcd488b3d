import Shop

/// What is wrong at one place of a merchant's file.
package struct ImportFault: Error, Equatable, Sendable, CustomStringConvertible {
  /// From 1.
  package let line: Int
  /// From 1, in characters; 0 for the whole line.
  package let column: Int
  /// The field's name, when it has one.
  package let field: String?
  package let detail: String

  package var description: String {
    let place = column > 0 ? "line \(line), column \(column)" : "line \(line)"
    return field.map { "\(place) (\($0)): \(detail)" } ?? "\(place): \(detail)"
  }
}

/// Everything that keeps a file from being imported; none of it was.
package struct ImportFaults: Error, Equatable, Sendable, CustomStringConvertible {
  /// More are not looked for: whoever wrote the file has enough to begin with.
  package static let most = 100

  package private(set) var all: [ImportFault] = []
  /// Reading went on no further.
  package var isCutShort: Bool { all.count >= Self.most }

  mutating func add(_ fault: ImportFault) {
    if !isCutShort { all.append(fault) }
  }

  package var description: String {
    let lines = all.map(\.description).joined(separator: "\n")
    let end = isCutShort ? "stopped after \(Self.most) faults" : "\(all.count) fault\(all.count == 1 ? "" : "s")"
    return "\(lines)\n\(end): nothing was imported"
  }
}
