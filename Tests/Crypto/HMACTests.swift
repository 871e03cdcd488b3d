import Crypto
import Testing

struct HMACTests {
  @Test(arguments: [
    (
      [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      [UInt8](repeating: 0xAA, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ])
  func `the codes of RFC 4231 come out`(key: [UInt8], message: [UInt8], code: String) {
    let hmac = HMAC(key: key)
    #expect(Hex.encode(hmac.authenticate(message)) == code)
    #expect(Hex.encode(hmac.authenticate(message)) == code, "a second use starts afresh")
  }

  @Test func `a shortened code is valid, a changed or very short one is not`() {
    let hmac = HMAC(key: Array("key".utf8))
    let code = hmac.authenticate([1, 2, 3])
    #expect(hmac.isValid(code, for: [1, 2, 3]))
    #expect(hmac.isValid(Array(code.prefix(16)), for: [1, 2, 3]))
    #expect(!hmac.isValid(Array(code.prefix(15)), for: [1, 2, 3]))
    #expect(!hmac.isValid(code + [0], for: [1, 2, 3]))
    #expect(!hmac.isValid(code, for: [1, 2, 4]))
    for index in code.indices {
      var changed = code
      changed[index] ^= 1
      #expect(!hmac.isValid(changed, for: [1, 2, 3]))
    }
  }

  @Test func `many tasks may use one key at once`() async {
    let hmac = HMAC(key: Array("key".utf8))
    let expected = hmac.authenticate([7])
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<16 {
        group.addTask { (0..<200).allSatisfy { _ in hmac.authenticate([7]) == expected } }
      }
      for await same in group { #expect(same) }
    }
  }

  @Test func `only equal bytes are equal`() {
    #expect(constantTimeEqual([], []))
    #expect(constantTimeEqual([1, 2], [1, 2]))
    #expect(!constantTimeEqual([1, 2], [1, 3]))
    #expect(!constantTimeEqual([1, 2], [1, 2, 3]))
  }
}
