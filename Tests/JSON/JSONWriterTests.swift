import Foundation
import JSON
import Testing

struct JSONWriterTests {
  private func text(_ write: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    write(&writer)
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  @Test func `commas stand between members and elements and nowhere else`() {
    let json = text { writer in
      writer.beginObject()
      writer.key("id")
      writer.string("prod_1")
      writer.key("n")
      writer.integer(-42)
      writer.key("tags")
      writer.beginArray()
      writer.null()
      writer.bool(true)
      writer.bool(false)
      writer.beginArray()
      writer.endArray()
      writer.beginObject()
      writer.endObject()
      writer.endArray()
      writer.key("cached")
      writer.raw(Array(#"{"a":1}"#.utf8))
      writer.key("last")
      writer.string(plain: "in_stock")
      writer.endObject()
    }
    #expect(json == #"{"id":"prod_1","n":-42,"tags":[null,true,false,[],{}],"cached":{"a":1},"last":"in_stock"}"#)
  }

  @Test func `it appends to the buffer that it was given`() {
    var writer = JSONWriter(appendingTo: Array("HTTP ".utf8))
    writer.integer(7)
    #expect(writer.count == 6)
    #expect(writer.finish() == Array("HTTP 7".utf8))
  }

  @Test(arguments: [
    ("", #""""#),
    ("a", #""a""#),
    ("quote\" backslash\\ slash/", #""quote\" backslash\\ slash/""#),
    ("\u{8}\u{9}\u{A}\u{C}\u{D}", #""\b\t\n\f\r""#),
    ("\u{0}\u{1}\u{1F}\u{7F}", "\"\\u0000\\u0001\\u001f\u{7F}\""),
    ("12345678\"", #""12345678\"""#),
    ("1234567\n90123456", #""1234567\n90123456""#),
    ("Crème brûlée 🍮 für zwei", #""Crème brûlée 🍮 für zwei""#),
  ])
  func `a string is escaped where it must be`(value: String, expected: String) {
    #expect(text { $0.string(value) } == expected)
    #expect(text { $0.string(utf8: Array(value.utf8)) } == expected)
    #expect(
      text {
        $0.beginObject(); $0.key(escaping: value); $0.null(); $0.endObject()
      } == "{\(expected):null}")
  }

  @Test(arguments: [0, 1, 9, 10, 99, 100, -1, -9, -10, 1_234_567_890, Int64.max, Int64.min])
  func `an integer is written as Swift would`(value: Int64) {
    #expect(text { $0.integer(value) } == String(value))
  }

  @Test func `a special byte is found at every position of a long run`() {
    for length in 0...40 {
      for position in 0..<length {
        for special: UInt8 in [0x00, 0x1F, 0x22, 0x5C] {
          var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: length)
          bytes[position] = special
          var writer = JSONWriter()
          writer.string(utf8: bytes)
          let escape =
            switch special {
            case 0x00: #"\u0000"#
            case 0x1F: #"\u001f"#
            case 0x22: #"\""#
            default: #"\\"#
            }
          let x = String(repeating: "x", count: position)
          let rest = String(repeating: "x", count: length - position - 1)
          #expect(writer.finish() == Array("\"\(x)\(escape)\(rest)\"".utf8))
        }
      }
    }
  }

  @Test func `whatever string is written is read back the same`() throws {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<2_000 {
      let value = random.text(length: Int.random(in: 0...40, using: &random))
      let json = text { $0.string(value) }
      #expect(try JSONReader.read(Array(json.utf8)) == .string(value))
      #expect(try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed) as? String == value)
    }
  }

  @Test func `an object and an array are written by closures and optionals become null`() {
    let json = text { writer in
      writer.object { writer in
        writer.key("list")
        writer.array([1, 2]) { $0.integer(Int64($1)) }
        writer.key("none")
        writer.string(orNull: nil)
        writer.key("some")
        writer.integer(orNull: 3)
        writer.key("v")
        writer.value { $0.append(contentsOf: "1.5".utf8) }
      }
    }
    #expect(json == #"{"list":[1,2],"none":null,"some":3,"v":1.5}"#)
  }
}
