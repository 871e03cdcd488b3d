import ShopStore

/// How the time of a request that moves money is shared out: its first transaction, the provider, settling.
package struct CheckoutTime: Sendable {
  /// The most that the provider gets.
  package let provider: Duration
  /// Kept back, so that what the provider says in its last moment is settled within the request's time.
  private let reserve: Duration

  /// - Parameter whole: the time of a checkout, of which the provider's is a part.
  package init(whole: Duration, provider: Duration) {
    self.provider = provider
    reserve = (whole - provider) / 2
  }

  /// Settling has so long even where the request is late by then: the money may be reserved. It begins within the request's time,
  /// and nobody takes the key over before it is over.
  static let settling = Duration.seconds(5)

  /// By when the first transaction must be done, for a request that is due by `deadline`: later there is no point in asking the
  /// provider, and nothing has happened yet.
  package func opening(of deadline: Deadline) -> Deadline { deadline.earlier(by: reserve + provider / 2) }

  /// What is left for the provider.
  package func asking(before deadline: Deadline, now: Deadline = .measured()) -> Duration {
    min(provider, deadline.earlier(by: reserve).remaining(at: now))
  }
}
