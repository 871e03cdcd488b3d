import Reactor
import ShopAPI
import Testing

@Suite struct CheckoutTimeTests {
  private let time = CheckoutTime(whole: .seconds(10), provider: .seconds(7))
  private let now = Instant(nanoseconds: 1_000_000_000_000)

  @Test func `a checkout that begins at once leaves the provider its whole time`() {
    #expect(time.asking(before: now + .seconds(10), now: now) == .seconds(7))
    #expect(time.asking(before: now + .seconds(8.5), now: now) == .seconds(7))
  }

  @Test func `a slow beginning is taken from the provider's time and not from the time to settle`() {
    #expect(time.asking(before: now + .seconds(6), now: now) == .seconds(4.5))
    #expect(time.asking(before: now + .seconds(1.5), now: now) == .zero)
    #expect(time.asking(before: now, now: now + .seconds(3)) == .zero)
  }

  @Test func `what began by its deadline has half of the provider's time left`() {
    let deadline = now + .seconds(10)
    #expect(time.opening(of: deadline) == now + .seconds(5))
    #expect(time.asking(before: deadline, now: time.opening(of: deadline)) == .seconds(3.5))
  }
}
