/// Reads comma-separated values as RFC 4180 has them, and strictly: what is ambiguous there is a fault here.
///
/// A byte order mark at the start is passed over; lines end with CRLF or LF; a quoted field may hold commas, doubled quotes and
/// line ends; a quote inside an unquoted field, text after a closing quote, a lone CR and bytes that are not UTF-8 are faults.
package struct CSVReader {
  /// A field and where it begins.
  package struct Field: Equatable, Sendable {
    package let text: String
    /// Both from 1; the column counts characters.
    package let line: Int
    package let column: Int
  }

  package struct Malformed: Error, Equatable, Sendable {
    package let line: Int
    package let column: Int
    package let detail: String
  }

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  /// Characters of this line so far.
  private var column = 1

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The next record; nil at the end. A line end after the last record begins no other.
  package mutating func next() throws(Malformed) -> [Field]? {
    guard position < bytes.count else { return nil }
    var fields: [Field] = []
    while true {
      let place = (line, column)
      let text = peek == UInt8(ascii: "\"") ? try quoted() : try unquoted()
      fields.append(Field(text: text, line: place.0, column: place.1))
      guard let byte = peek else { return fields }
      switch byte {
      case UInt8(ascii: ","): advance()
      default:
        try endLine()
        return fields
      }
    }
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func advance() {
    let byte = bytes[position]
    position += 1
    if byte == 0x0A {
      line += 1
      column = 1
    } else if byte & 0xC0 != 0x80 {
      column += 1
    }
  }

  private mutating func unquoted() throws(Malformed) -> String {
    let start = position
    let place = (line, column)
    while let byte = peek, byte != UInt8(ascii: ","), byte != 0x0A, byte != 0x0D {
      guard byte != UInt8(ascii: "\"") else { throw malformed("a quote inside a field that does not begin with one") }
      advance()
    }
    return try text(bytes[start..<position], at: place)
  }

  private mutating func quoted() throws(Malformed) -> String {
    let place = (line, column)
    advance()
    var content: [UInt8] = []
    while true {
      guard let byte = peek else {
        throw Malformed(line: place.0, column: place.1, detail: "this quote is never closed")
      }
      advance()
      guard byte == UInt8(ascii: "\"") else {
        content.append(byte)
        continue
      }
      guard peek == byte else { break }
      content.append(byte)
      advance()
    }
    if let byte = peek, byte != UInt8(ascii: ","), byte != 0x0A, byte != 0x0D {
      throw malformed("text after the closing quote of a field")
    }
    return try text(content[...], at: place)
  }

  private mutating func endLine() throws(Malformed) {
    if peek == 0x0D {
      guard position + 1 < bytes.count, bytes[position + 1] == 0x0A else { throw malformed("a CR without its LF") }
      advance()
    }
    advance()
  }

  private func text(_ bytes: ArraySlice<UInt8>, at place: (Int, Int)) throws(Malformed) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Malformed(line: place.0, column: place.1, detail: "not UTF-8")
    }
    guard !bytes.contains(0) else { throw Malformed(line: place.0, column: place.1, detail: "a NUL character") }
    return text
  }

  private func malformed(_ detail: String) -> Malformed { Malformed(line: line, column: column, detail: detail) }
}
