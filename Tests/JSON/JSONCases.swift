import JSON
import Testing

/// Literal texts in the manner of the JSON parsing test suite: what must be accepted, and what must be refused and where.
enum JSONCases {
  static let accepted: [String] = [
    "[]", "{}", "[[]]", "[{}]", "\"\"", "null", "true", "false", "0", "-0", "-1", "1", "\t\n\r [ ] \n",
    "[1,2]", "[ 1 , 2 ]", "[null,1,\"1\",{}]", "[-0.1]", "[0e1]", "[0e+1]", "[1E22]", "[1E-2]", "[123.456e78]", "[123123e100000]",
    "[-9007199254740991]", "[123456789012345678901234567890]", "{\"a\":\"b\",\"c\":{}}", "{\"\":0}", "{\"a\":[]}",
    "{ \"min\" : -1.0e+28 , \"max\" : 1.0e+28 }", "[\"\\u0060\\u012a\\u12AB\"]", "[\"\\uD801\\udc37\"]",
    "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]",
    "[\"\\\\u0000\"]", "[\"a/*b*/c/*d//e\"]", "[\"\\uFFFD\"]", "[\"\u{2028}\u{2029}\"]", "[\"\u{7F}\"]", "[\"é漢😀\"]",
    "{\"name\\u0041\":1,\"nameB\":2}", "[\"\\u2064\"]", "{\"a\":{\"b\":{\"c\":[{\"d\":null}]}}}", "[1]\n",
  ]

  struct Refused: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let code: JSONError.Code
    let offset: Int
    let pointer: String

    init(_ text: String, _ code: JSONError.Code, _ offset: Int, _ pointer: String = "") {
      self.init(Array(text.utf8), code, offset, pointer)
    }

    init(_ bytes: [UInt8], _ code: JSONError.Code, _ offset: Int, _ pointer: String = "") {
      self.bytes = bytes
      self.code = code
      self.offset = offset
      self.pointer = pointer
    }

    var testDescription: String { String(decoding: bytes, as: UTF8.self) }
  }

  private static func string(_ bytes: UInt8...) -> [UInt8] {
    [0x22] + bytes + [0x22]
  }

  static let refused: [Refused] = [
    // Structure.
    Refused("", .empty, 0), Refused(" \n", .empty, 2), Refused("[", .unexpectedEnd, 1, "/0"), Refused("{", .unexpectedEnd, 1),
    Refused("[1", .unexpectedEnd, 2), Refused("[1,", .unexpectedEnd, 3, "/1"), Refused("{\"a\"", .unexpectedEnd, 4),
    Refused("{\"a\":", .unexpectedEnd, 5, "/a"), Refused("{\"a\":1", .unexpectedEnd, 6), Refused("]", .unexpectedByte, 0),
    Refused("[1,]", .unexpectedByte, 3, "/1"), Refused("[,1]", .unexpectedByte, 1, "/0"),
    Refused("[1,,2]", .unexpectedByte, 3, "/1"),
    Refused("[1 2]", .unexpectedByte, 3), Refused("[1}", .unexpectedByte, 2), Refused("{]", .unexpectedByte, 1),
    Refused("{\"a\":1,}", .unexpectedByte, 7), Refused("{,}", .unexpectedByte, 1), Refused("{a:1}", .unexpectedByte, 1),
    Refused("{'a':1}", .unexpectedByte, 1), Refused("{\"a\" 1}", .unexpectedByte, 5),
    Refused("{\"a\":1 \"b\":2}", .unexpectedByte, 7),
    Refused("{\"a\"::1}", .unexpectedByte, 5, "/a"), Refused("{1:1}", .unexpectedByte, 1),
    Refused("{null:1}", .unexpectedByte, 1),
    Refused("[]]", .trailingBytes, 2), Refused("{}{}", .trailingBytes, 2), Refused("1 2", .trailingBytes, 2),
    Refused("{\"a\":1}#", .trailingBytes, 7), Refused("1\u{0}", .trailingBytes, 1), Refused("\"a\"b", .trailingBytes, 3),
    Refused("/* */1", .unexpectedByte, 0), Refused("[1/**/]", .unexpectedByte, 2), Refused("\u{C}1", .unexpectedByte, 0),
    Refused("\u{A0}1", .unexpectedByte, 0), Refused("[\u{2060}]", .unexpectedByte, 1, "/0"),
    Refused([0xEF, 0xBB, 0xBF, 0x31], .byteOrderMark, 0), Refused([0xFF, 0xFE, 0x31, 0x00], .unexpectedByte, 0),
    Refused([0x00, 0x31], .unexpectedByte, 0), Refused([0xEF, 0xBB], .unexpectedByte, 0),
    // Literals.
    Refused("tru", .unexpectedEnd, 3), Refused("True", .unexpectedByte, 0), Refused("truth", .unexpectedByte, 3),
    Refused("nul", .unexpectedEnd, 3), Refused("nulll", .trailingBytes, 4), Refused("fals]", .unexpectedByte, 4),
    Refused("undefined", .unexpectedByte, 0), Refused("NaN", .unexpectedByte, 0), Refused("[Infinity]", .unexpectedByte, 1, "/0"),
    // Numbers.
    Refused("-", .unexpectedEnd, 1), Refused("+1", .unexpectedByte, 0), Refused(".5", .unexpectedByte, 0),
    Refused("-.5", .invalidNumber, 1),
    Refused("01", .invalidNumber, 1), Refused("-012", .invalidNumber, 2), Refused("[00]", .invalidNumber, 2, "/0"),
    Refused("1.", .unexpectedEnd, 2), Refused("[1.]", .invalidNumber, 3, "/0"), Refused("[1.e1]", .invalidNumber, 3, "/0"),
    Refused("1e", .unexpectedEnd, 2), Refused("[1e+]", .invalidNumber, 4, "/0"), Refused("[-Infinity]", .invalidNumber, 2, "/0"),
    Refused("0x1F", .trailingBytes, 1), Refused("1_000", .trailingBytes, 1), Refused("[1.2.3]", .unexpectedByte, 4),
    Refused("--1", .invalidNumber, 1), Refused("[1e1.5]", .unexpectedByte, 4), Refused("[１]", .unexpectedByte, 1, "/0"),
    // Strings.
    Refused("\"", .unexpectedEnd, 1), Refused("\"a", .unexpectedEnd, 2), Refused("\"\\", .unexpectedEnd, 2),
    Refused("\"\\\"", .unexpectedEnd, 3),
    Refused("'a'", .unexpectedByte, 0), Refused("\"\n\"", .controlCharacter, 1),
    Refused("[\"a\tb\"]", .controlCharacter, 3, "/0"),
    Refused("\"\u{1F}\"", .controlCharacter, 1), Refused("\"\u{0}\"", .nullCharacter, 1),
    Refused("\"\\u0000\"", .nullCharacter, 1),
    Refused("\"\\x41\"", .invalidEscape, 1), Refused("\"\\'\"", .invalidEscape, 1), Refused("\"\\u00G0\"", .invalidEscape, 1),
    Refused("\"\\u12\"", .unexpectedEnd, 6), Refused("\"\\u 123\"", .invalidEscape, 1), Refused("\"\\U0041\"", .invalidEscape, 1),
    Refused("\"\\é\"", .invalidEscape, 1), Refused("\"\\\n\"", .invalidEscape, 1),
    Refused("\"\\ud800\"", .loneSurrogate, 1), Refused("\"\\udc00\"", .loneSurrogate, 1),
    Refused("\"\\ud800x\"", .loneSurrogate, 1),
    Refused("\"\\ud800\\n\"", .loneSurrogate, 1), Refused("\"\\ud800\\u0041\"", .loneSurrogate, 1),
    Refused("\"\\ud800\\ud800\\udc00\"", .loneSurrogate, 1), Refused("\"\\udc00\\ud800\"", .loneSurrogate, 1),
    Refused("\"\\uffff\"", .noncharacter, 1), Refused("\"\\ufdd0\"", .noncharacter, 1),
    Refused("\"\\ud83f\\udffe\"", .noncharacter, 1),
    Refused("\"\u{FFFE}\"", .noncharacter, 1), Refused("\"\u{1FFFF}\"", .noncharacter, 1),
    // UTF-8.
    Refused(string(0x80), .invalidUTF8, 1), Refused(string(0xFF), .invalidUTF8, 1), Refused(string(0xC3), .invalidUTF8, 1),
    Refused(string(0xC0, 0x80), .invalidUTF8, 1), Refused(string(0xC1, 0xBF), .invalidUTF8, 1),
    Refused(string(0xE0, 0x80, 0x80), .invalidUTF8, 1),
    Refused(string(0xE0, 0x9F, 0xBF), .invalidUTF8, 1), Refused(string(0xED, 0xA0, 0x80), .invalidUTF8, 1),
    Refused(string(0xF0, 0x80, 0x80, 0x80), .invalidUTF8, 1), Refused(string(0xF0, 0x8F, 0xBF, 0xBF), .invalidUTF8, 1),
    Refused(string(0xF4, 0x90, 0x80, 0x80), .invalidUTF8, 1), Refused(string(0xF5, 0x80, 0x80, 0x80), .invalidUTF8, 1),
    Refused(string(0xE6, 0xBC), .invalidUTF8, 1), Refused(string(0x41, 0xF0, 0x9F, 0x98, 0x41), .invalidUTF8, 2),
    // Members.
    Refused("{\"a\":1,\"a\":1}", .duplicateKey, 7, "/a"), Refused("{\"a\":1,\"\\u0061\":2}", .duplicateKey, 7, "/a"),
    Refused("{\"x\":{\"a/b\":1,\"a/b\":1}}", .duplicateKey, 14, "/x/a~1b"),
    Refused("[[{\"~\":1,\"~\":1}]]", .duplicateKey, 9, "/0/0/~0"),
    Refused("{\"lines\":[{\"quantity\":01}]}", .invalidNumber, 23, "/lines/0/quantity"),
  ]
}
