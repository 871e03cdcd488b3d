/// Why bytes are not JSON that the shop accepts, and where.
package struct JSONError: Error, Equatable {
  /// A stable name for the reason.
  package enum Code: String, Sendable, CaseIterable {
    case empty
    case byteOrderMark = "byte_order_mark"
    case unexpectedEnd = "unexpected_end"
    case unexpectedByte = "unexpected_byte"
    case trailingBytes = "trailing_bytes"
    case invalidNumber = "invalid_number"
    case invalidEscape = "invalid_escape"
    case controlCharacter = "control_character"
    case nullCharacter = "null_character"
    case loneSurrogate = "lone_surrogate"
    case noncharacter
    case invalidUTF8 = "invalid_utf8"
    case duplicateKey = "duplicate_key"
    case tooDeep = "too_deep"
  }

  package let code: Code

  /// The offset of the byte that cannot be accepted; the length of the text where it ended too early.
  package let offset: Int

  /// The value in which it was found, as a JSON pointer (RFC 6901); empty for the whole text.
  package internal(set) var pointer: String

  init(_ code: Code, at offset: Int) {
    self.code = code
    self.offset = offset
    pointer = ""
  }

  func inside(_ name: String) -> JSONError {
    var error = self
    error.pointer = "/\(JSONPointer.escape(name))\(pointer)"
    return error
  }

  func inside(_ index: Int) -> JSONError {
    var error = self
    error.pointer = "/\(index)\(pointer)"
    return error
  }
}

extension JSONError: CustomStringConvertible {
  /// For logs and for the caller: holds no text of the body but member names.
  package var description: String {
    let reason =
      switch code {
      case .empty: "the text is empty"
      case .byteOrderMark: "the text starts with a byte order mark"
      case .unexpectedEnd: "the text ends too early"
      case .unexpectedByte: "a value, a comma or a closing bracket was expected"
      case .trailingBytes: "something follows the value"
      case .invalidNumber: "the number is malformed"
      case .invalidEscape: "the escape is not one of JSON's"
      case .controlCharacter: "a control character in a string must be escaped"
      case .nullCharacter: "U+0000 is not accepted"
      case .loneSurrogate: "half of a surrogate pair is not a character"
      case .noncharacter: "a Unicode noncharacter is not accepted"
      case .invalidUTF8: "the bytes are not UTF-8"
      case .duplicateKey: "a member occurs twice"
      case .tooDeep: "values are nested more than \(JSONReader.maximumDepth) deep"
      }
    return "\(reason) (at byte \(offset))"
  }
}
