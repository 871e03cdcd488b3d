import Crypto
import Foundation
import Testing

struct EncodingTests {
  @Test(arguments: [
    ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
  ])
  func `the texts of RFC 4648 come out both ways`(plain: String, encoded: String) {
    #expect(Base64URL.encode(Array(plain.utf8)) == encoded)
    #expect(Base64URL.decode(encoded) == Array(plain.utf8))
  }

  @Test(arguments: ["A", "Zg==", "Zh", "Zm9", "Zm9v YmFy", "Zm+v", "Zm/v", "Zg\n", "Zmé", "AAAAA"])
  func `only the one text of a value is read`(text: String) {
    #expect(Base64URL.decode(text) == nil)
  }

  @Test func `any bytes come back, and agree with the platform`() {
    for length in 0..<70 {
      let bytes = SecureRandom.bytes(length)
      let text = Base64URL.encode(bytes)
      #expect(Base64URL.decode(text) == bytes)
      let platform = Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
        .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
      #expect(text == platform)
      #expect(Hex.decode(Hex.encode(bytes)) == bytes)
    }
  }

  @Test(arguments: ["0", "0g", " 0", "é0"])
  func `what is not hexadecimal is refused`(text: String) {
    #expect(Hex.decode(text) == nil)
  }

  @Test func `capital hexadecimal digits are read and small ones written`() {
    #expect(Hex.decode("00FFaB") == [0, 255, 171])
    #expect(Hex.encode([0, 255, 171]) == "00ffab")
  }

  @Test func `random bytes differ`() {
    #expect(SecureRandom.bytes(0).isEmpty)
    #expect(SecureRandom.bytes(32).count == 32)
    #expect(SecureRandom.bytes(32) != SecureRandom.bytes(32))
    var random = SecureRandom()
    #expect(random.next() != random.next())
  }
}
