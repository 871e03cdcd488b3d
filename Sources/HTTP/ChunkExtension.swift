/// `*( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )` up to its CR, a byte at a time (RFC 9112, section 7.1.1).
///
/// Nothing in it means anything here. It is read strictly since a proxy that ends it elsewhere sees other chunks.
struct ChunkExtension: Sendable {
  private enum State {
    /// White space that must lead to a semicolon.
    case beforeSemicolon
    case beforeName
    case name
    case afterName
    case beforeValue
    case token
    case quoted
    case escaped
    case afterQuoted
  }

  private var state = State.beforeSemicolon

  /// True with the CR that ends the line.
  mutating func take(_ byte: UInt8) throws(ParseFailure) -> Bool {
    let isSpace = Bytes.isWhiteSpace(byte)
    switch state {
    case .beforeSemicolon:
      guard isSpace || byte == UInt8(ascii: ";") else { throw Self.fault }
      if !isSpace { state = .beforeName }
    case .beforeName:
      guard isSpace || Bytes.isToken(byte) else { throw Self.fault }
      if !isSpace { state = .name }
    case .name where Bytes.isToken(byte): break
    case .name, .afterName:
      if byte == UInt8(ascii: "=") {
        state = .beforeValue
      } else if isSpace {
        state = .afterName
      } else if byte == 0x0D, case .name = state {
        return true
      } else {
        try next(byte)
      }
    case .beforeValue:
      guard isSpace || byte == UInt8(ascii: "\"") || Bytes.isToken(byte) else { throw Self.fault }
      if !isSpace { state = byte == UInt8(ascii: "\"") ? .quoted : .token }
    case .token where Bytes.isToken(byte): break
    case .token, .afterQuoted:
      if byte == 0x0D { return true }
      if isSpace { state = .beforeSemicolon } else { try next(byte) }
    case .quoted:
      guard Bytes.isFieldValue(byte) else { throw Self.fault }
      if byte == UInt8(ascii: "\"") { state = .afterQuoted }
      if byte == UInt8(ascii: "\\") { state = .escaped }
    case .escaped:
      guard Bytes.isFieldValue(byte) else { throw Self.fault }
      state = .quoted
    }
    return false
  }

  private mutating func next(_ byte: UInt8) throws(ParseFailure) {
    guard byte == UInt8(ascii: ";") else { throw Self.fault }
    state = .beforeName
  }

  private static let fault = ParseFailure.framing("a chunk extension is malformed", section: "RFC 9112, 7.1.1")
}
