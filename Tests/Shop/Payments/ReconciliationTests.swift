import Shop
import Testing

@Suite struct ReconciliationTests {
  private func step(_ answer: PaymentQuery, age: Int64, status: PaymentStatus = .unknown) -> Reconciliation.Step {
    Reconciliation.decide(answer, status: status, startedAt: Sample.now, now: Sample.now.adding(seconds: age))
  }

  @Test func `silence is never taken for a decline`() {
    for age in [0, 60, 900, 86_400, 8_640_000] as [Int64] {
      #expect(step(.unavailable, age: age) == .wait)
    }
  }

  @Test func `a certain answer settles`() {
    #expect(step(.authorised(reference: "a"), age: 1) == .settle(.authorised(reference: "a")))
    #expect(step(.authorised(reference: "a"), age: 90_000) == .settle(.authorised(reference: "a")))
    #expect(step(.declined, age: 1) == .settle(.declined))
    #expect(step(.voided, age: 1) == .settle(.declined))
  }

  @Test func `an operation that never arrived is voided before it is given up, since it may be on its way`() {
    #expect(step(.notFound, age: 59) == .wait)
    #expect(step(.notFound, age: 60) == .void)
  }

  @Test func `a shopper who does not come back has fifteen minutes`() {
    let action = PaymentQuery.requiresAction(.redirect(url: "https://pay.example/1"), reference: "r")
    #expect(step(action, age: 899, status: .requiresAction) == .wait)
    #expect(step(action, age: 900) == .void)
    #expect(step(.processing, age: 900) == .void)
  }

  @Test func `a shopper who was not told what to do is told`() {
    let outcome = PaymentOutcome.requiresAction(.redirect(url: "https://pay.example/1"), reference: "r")
    let action = PaymentQuery.requiresAction(.redirect(url: "https://pay.example/1"), reference: "r")
    for status in [PaymentStatus.authorizing, .unknown] { #expect(step(action, age: 10, status: status) == .settle(outcome)) }
  }

  @Test func `waits double up to a minute`() {
    #expect((-1...9).map { Reconciliation.waitSeconds(attempt: $0) } == [1, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60])
  }

  @Test func `a card number is no payment token`() throws {
    #expect(throws: Refusal.self) { try PaymentRequest.checked(provider: "test", token: "4111111111111111", providers: ["test"]) }
    #expect(throws: Refusal.self) { try PaymentRequest.checked(provider: "other", token: "tok_ok", providers: ["test"]) }
    #expect(try PaymentRequest.checked(provider: "test", token: "tok_ok", providers: ["test"]).token == "tok_ok")
  }

  @Test func `an authorised payment tells how far its money has come`() {
    #expect(PaymentStatus.authorized.told(captured: 0, refunded: 0, amount: 10) == .authorized)
    #expect(PaymentStatus.authorized.told(captured: 4, refunded: 0, amount: 10) == .partiallyCaptured)
    #expect(PaymentStatus.authorized.told(captured: 10, refunded: 0, amount: 10) == .captured)
    #expect(PaymentStatus.authorized.told(captured: 10, refunded: 3, amount: 10) == .partiallyRefunded)
    #expect(PaymentStatus.authorized.told(captured: 10, refunded: 10, amount: 10) == .refunded)
    #expect(PaymentStatus.unknown.told(captured: 0, refunded: 0, amount: 10) == .unknown)
  }
}
