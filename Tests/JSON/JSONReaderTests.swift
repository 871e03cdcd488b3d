import Foundation
import JSON
import Testing

struct JSONReaderTests {
  private func read(_ text: String) throws(JSONError) -> JSONValue {
    try JSONReader.read(Array(text.utf8))
  }

  private func error(_ bytes: [UInt8]) -> JSONError? {
    do {
      _ = try JSONReader.read(bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test func `every kind of value is read`() throws {
    let value = try read(#" {"a":[1,-2,"x",true,false,null],"b":{"c":1.50},"d":""} "#)
    guard case .object(let object) = value, case .object(let inner)? = object["b"] else {
      Issue.record("not an object")
      return
    }
    #expect(Array(object.names) == ["a", "b", "d"])
    #expect(object["a"] == .array([.integer(1), .integer(-2), .string("x"), .bool(true), .bool(false), .null]))
    #expect(inner["c"] == .number("1.50"))
    #expect(object["d"] == .string(""))
    #expect(object["e"] == nil)
  }

  @Test(arguments: [
    ("0", JSONValue.integer(0)), ("-0", .integer(0)), ("-1", .integer(-1)),
    ("9007199254740991", .integer(9_007_199_254_740_991)), ("-9007199254740991", .integer(-9_007_199_254_740_991)),
    ("9007199254740992", .number("9007199254740992")), ("-9007199254740992", .number("-9007199254740992")),
    ("18446744073709551617", .number("18446744073709551617")),
    ("100000000000000000000", .number("100000000000000000000")),
    ("1.0", .number("1.0")), ("1e2", .number("1e2")), ("1E+2", .number("1E+2")), ("-0.5e-10", .number("-0.5e-10")),
  ])
  func `an integer is exact and any other number keeps its text`(text: String, expected: JSONValue) throws {
    #expect(try read(text) == expected)
  }

  @Test(
    arguments: [
      ("5", 5), ("5.0", 5), ("-5.000", -5), ("1e2", 100), ("1.5E+1", 15), ("120e-1", 12), ("0.0", 0), ("0e-9", 0), ("-0.0", 0),
      ("9007199254740991.0", 9_007_199_254_740_991), ("9007199254740992.0", nil), ("1.5", nil), ("1e-1", nil), ("1e16", nil),
      ("1e999999999999999999999", nil), ("1e-999999999999999999999", nil), ("100000000000000000000", nil), (#""5""#, nil),
      ("true", nil),
    ] as [(String, Int64?)])
  func `a number without a fractional part is an integer, however it is written`(text: String, expected: Int64?) throws {
    #expect(try read(text).exactInteger == expected)
  }

  @Test(arguments: [
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
    (#""\u0041\u00e9\u6F22""#, "Aé漢"),
    (#""\ud83d\ude00""#, "😀"),
    (#""a😀\u0001b""#, "a😀\u{1}b"),
    ("\"\u{7F}\u{80}\u{7FF}\u{800}\u{FFFD}\u{10000}\u{10FFFD}\"", "\u{7F}\u{80}\u{7FF}\u{800}\u{FFFD}\u{10000}\u{10FFFD}"),
  ])
  func `a string is unescaped`(text: String, expected: String) throws {
    #expect(try read(text) == .string(expected))
  }

  @Test(arguments: JSONCases.accepted)
  func `what the grammar allows is accepted`(text: String) {
    #expect(throws: Never.self) { try read(text) }
  }

  @Test(arguments: JSONCases.refused)
  func `what the grammar forbids is refused at its place`(text: JSONCases.Refused) {
    let error = error(text.bytes)
    #expect(error?.code == text.code)
    #expect(error?.offset == text.offset)
    #expect(error?.pointer == text.pointer)
  }

  @Test func `32 levels are read and 33 are not`() {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    #expect(error(nested(32)) == nil)
    #expect(error(nested(33))?.code == .tooDeep)
    #expect(error(nested(33))?.offset == 32)
    let objects = String(repeating: #"{"a":"#, count: 33) + "1" + String(repeating: "}", count: 33)
    #expect(error(Array(objects.utf8))?.code == .tooDeep)
    #expect(error([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000))?.code == .tooDeep)
  }

  @Test func `a repeated member is found among many`() throws {
    let names = (0..<2_000).map { #""member\#($0)":0"# }
    #expect(try JSONReader.read(Array("{\(names.joined(separator: ","))}".utf8)) != .null)
    for repeated in [0, 5, 7, 8, 9, 1_999] {
      let text = Array("{\(names.joined(separator: ",")),\"member\(repeated)\":1}".utf8)
      #expect(error(text)?.code == .duplicateKey)
      #expect(error(text)?.pointer == "/member\(repeated)")
    }
  }

  @Test func `names that only look the same are different members`() throws {
    guard case .object(let object) = try read("{\"\u{E9}\":1,\"e\u{301}\":2}") else {
      Issue.record("not an object")
      return
    }
    #expect(object.count == 2)
  }

  @Test func `every way to cut a text short is refused`() {
    let text = Array(#"{"a":[1,-2.5e3,"x\né\u0041😀\ud83d\ude00",true,false,null],"b":{"c":{}}}"#.utf8)
    #expect(error(text) == nil)
    for length in 0..<text.count {
      #expect(error(Array(text[..<length])) != nil, "cut after \(length) bytes")
    }
  }

  @Test func `a slice reads like the whole, wherever it lies`() throws {
    let text = Array(#"{"long enough for a word":[1,2,"three and é"]}"#.utf8)
    let expected = try JSONReader.read(text)
    for padding in 0..<16 {
      let padded = [UInt8](repeating: UInt8(ascii: "\""), count: padding) + text + [UInt8](repeating: 0xFF, count: padding)
      #expect(try JSONReader.read(padded[padding..<padding + text.count]) == expected)
    }
  }

  @Test func `no mutation of a text makes the reader crash, and what it accepts is JSON`() {
    var random = SeededGenerator(seed: 42)
    let seeds = JSONCases.accepted.map { Array($0.utf8) }
    let alphabet = Array(#"{}[]:,"\/u0129.eE+-truefalsn "#.utf8) + [0x00, 0x1F, 0x80, 0xBF, 0xC0, 0xED, 0xEF, 0xF4, 0xFF]
    var accepted = 0
    for _ in 0..<30_000 {
      var text = seeds.randomElement(using: &random) ?? []
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0...text.count, using: &random)
        switch UInt8.random(in: 0...2, using: &random) {
        case 0: text.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
        case 1 where place < text.count: text.remove(at: place)
        default: if place < text.count { text[place] = alphabet.randomElement(using: &random) ?? 0 }
        }
      }
      if let error = error(text) {
        #expect((0...text.count).contains(error.offset))
      } else {
        accepted += 1
        // The platform's reader must agree that it is JSON; it gives up only on numbers that no double holds.
        let object = try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
        #expect(
          object != nil || text.contains(UInt8(ascii: "e")) || text.contains(UInt8(ascii: "E")),
          "\(String(decoding: text, as: UTF8.self))")
      }
    }
    #expect(accepted > 1_000)
  }

  @Test func `random bytes never make the reader crash`() {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      _ = error(bytes)
      _ = error([UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")])
    }
  }

  @Test func `a string is valid UTF-8 exactly when Swift says so`() {
    var random = SeededGenerator(seed: 99)
    let interesting: [UInt8] = [
      0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEE, 0xEF, 0xF0, 0xF4, 0xF5,
    ]
    for _ in 0..<50_000 {
      let bytes = (0..<Int.random(in: 1...6, using: &random)).map { _ in interesting.randomElement(using: &random) ?? 0 }
      let isValid = String(validating: bytes, as: UTF8.self) != nil
      let error = error([UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")])
      #expect(error == nil || error?.code == .invalidUTF8 || error?.code == .noncharacter)
      // Noncharacters are valid UTF-8; the reader stops at the first, whatever follows.
      if error?.code != .noncharacter { #expect((error == nil) == isValid, "\(bytes)") }
    }
  }
}
