import Shop
import Testing

@Suite struct IdempotencyTests {
  @Test func `a key is the same bare and quoted`() {
    #expect(IdempotencyKey(field: "abc-123")?.text == "abc-123")
    #expect(IdempotencyKey(field: "\"abc-123\"")?.text == "abc-123")
    #expect(IdempotencyKey(field: "\"a\\\"b\\\\c\"")?.text == "a\"b\\c")
    #expect(IdempotencyKey(field: String(repeating: "k", count: 255)) != nil)
  }

  @Test(arguments: [
    "", "\"\"", "\"", "\"abc", "\"a\"b\"", "a b", "\"a b\"", "\"a\\n\"", "\"abc\\\"", "é", "a\tb", "a\u{7F}",
    String(repeating: "k", count: 256),
  ])
  func `what is no key is refused`(field: String) {
    #expect(IdempotencyKey(field: field) == nil)
  }

  @Test func `a key that is malformed or guessable is refused with its own code`() {
    func code(_ field: String, isAnonymous: Bool = false) -> String? {
      do {
        _ = try IdempotencyKey.checked(field: field, isAnonymous: isAnonymous)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code("a b") == "invalid_idempotency_key")
    #expect(code("short") == nil)
    #expect(code("short", isAnonymous: true) == "weak_idempotency_key")
    #expect(code("0123456789012345678901", isAnonymous: true) == nil)
  }

  @Test func `a key is begun, replayed, refused or taken over`() throws {
    func decide(
      _ state: IdempotencyRecord.State?, digest: [UInt8] = [1], lockedFor seconds: Int64 = 0
    ) throws -> IdempotencyDecision {
      try IdempotencyDecision(
        for: state.map { IdempotencyRecord(requestDigest: [1], state: $0, lockUntil: Sample.now.adding(seconds: seconds)) },
        requestDigest: digest, now: Sample.now)
    }
    #expect(try decide(nil) == .begin)
    #expect(try decide(.done) == .replay)
    #expect(try decide(.running) == .takeOver)
    #expect(throws: Refusal.idempotencyInProgress(retryAfter: 3)) { try decide(.running, lockedFor: 3) }
    #expect(throws: Refusal.idempotencyMismatch) { try decide(.done, digest: [2]) }
    #expect(throws: Refusal.idempotencyMismatch) { try decide(.running, digest: [2], lockedFor: 9) }
  }

  @Test func `answers that did something are kept, all others are worked out anew`() {
    let kept = [200, 201, 202, 204, 400, 401, 402, 403, 404, 409, 412, 422, 428, 429, 500, 503].filter {
      IdempotencyDecision.keeps(status: $0)
    }
    #expect(kept == [200, 201, 204, 402])
  }
}
