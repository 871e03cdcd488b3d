import Crypto
import Shop
import Testing

@testable import ShopAPI

struct CursorTests {
  private let scope = CursorSigner.Scope("/v1/products", ["sort=-created_at", "color=red"])
  private let cursor = Cursor(
    keys: [.integer(.min), .text("Crème brûlée 🍮"), .null, .integer(7), .text("")], id: UUIDv7(high: 3, low: .max),
    direction: .backward)

  private func signer(_ letters: String...) throws -> CursorSigner {
    CursorSigner(try KeyRing(secrets: letters.map { Array(String(repeating: $0, count: 32).utf8) }))
  }

  @Test func `a cursor comes back as it went`() throws {
    let signer = try signer("a")
    for cursor in [cursor, Cursor(keys: [], id: UUIDv7(high: 0, low: 0))] {
      let text = signer.sign(cursor, for: scope)
      #expect(
        text.utf8.allSatisfy {
          ($0 >= 0x30 && $0 <= 0x39) || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || $0 == 0x2D || $0 == 0x5F
        })
      #expect(try signer.read(text, for: scope) == cursor)
    }
  }

  @Test func `a cursor of another route, filter or sort is refused`() throws {
    let signer = try signer("a")
    let text = signer.sign(cursor, for: scope)
    for other in [
      CursorSigner.Scope("/v1/search", ["sort=-created_at", "color=red"]),
      CursorSigner.Scope("/v1/products", ["sort=-created_at"]),
      CursorSigner.Scope("/v1/products", ["sort=-created_atc", "olor=red"]),
      CursorSigner.Scope("/v1/products", ["color=red", "sort=-created_at"]),
    ] {
      #expect(throws: Refusal.self) { try signer.read(text, for: other) }
    }
  }

  @Test func `no changed, cut or made-up cursor is read`() throws {
    let signer = try signer("a")
    let text = Array(signer.sign(cursor, for: scope).utf8)
    for index in text.indices {
      var changed = text
      changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      #expect(throws: Refusal.self) { try signer.read(String(decoding: changed, as: UTF8.self), for: scope) }
      #expect(throws: Refusal.self) { try signer.read(String(decoding: text[..<index], as: UTF8.self), for: scope) }
    }
    for made in ["", "next", "%%%", "AAAA", String(repeating: "A", count: 100_000), "é", "eyJpZCI6MX0="] {
      #expect(throws: Refusal.self) { try signer.read(made, for: scope) }
    }
  }

  @Test func `random bytes never crash, signed or not`() throws {
    for length in 0..<300 {
      #expect(throws: Refusal.self) { try signer("a").read(Base64URL.encode(SecureRandom.bytes(length)), for: scope) }
      _ = CursorPayload.decode([1, 0] + SecureRandom.bytes(length))
    }
  }

  @Test func `pages go on while secrets rotate`() throws {
    let old = try signer("a").sign(cursor, for: scope)
    #expect(try signer("b", "a").read(old, for: scope) == cursor)
    #expect(throws: Refusal.self) { try signer("b").read(old, for: scope) }
    let new = try signer("b", "a").sign(cursor, for: scope)
    #expect(try signer("b").read(new, for: scope) == cursor)
  }
}
