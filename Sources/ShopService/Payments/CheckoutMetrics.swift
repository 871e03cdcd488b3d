import Shop
import ShopAPI
import Telemetry

/// The series of checkout: the funnel's end, what was earned, what the provider said.
struct CheckoutMetrics: Sendable {
  private let registry: MetricsRegistry
  private let answers: [CheckoutEvent.Answer: CounterInstrument]
  private let authorisations: [String: CounterInstrument]
  private let authorisationTime: HistogramInstrument
  private let stockRefusals: CounterInstrument

  /// Every series but those of currencies is there from the start: what begins with its first event hides that event from `rate`.
  init(_ registry: MetricsRegistry) {
    self.registry = registry
    func counters<Key: Hashable>(
      _ keys: [Key], _ name: String, _ help: String, _ label: String, _ text: (Key) -> String
    ) -> [Key: CounterInstrument] {
      Dictionary(uniqueKeysWithValues: keys.map { ($0, registry.counter(name, help, [(label, text($0))])) })
    }
    answers = counters(
      CheckoutEvent.Answer.allCases, "shop_checkouts_total", "Requests to complete a cart, by what they came to.", "outcome",
      \.rawValue)
    authorisations = counters(
      ["authorised", "declined", "requires_action", "unknown"], "shop_payment_authorisations_total",
      "Calls to payment providers to reserve money, by what came back.", "outcome", \.self)
    authorisationTime = registry.histogram(
      "shop_payment_authorisation_duration_seconds", "Seconds that a payment provider took to answer.")
    stockRefusals = registry.counter("shop_stock_refusals_total", "Refusals since the stock did not suffice.")
  }

  func record(_ event: CheckoutEvent) {
    switch event {
    case .answered(let answer): answers[answer]?.add()
    case .outOfStock: stockRefusals.add()
    case .ordered(let total):
      let currency = [("currency", total.currency.code)]
      registry.counter("shop_orders_total", "Orders made.", currency).add()
      registry.counter("shop_orders_value_total", "Totals of orders made, in minor units of the currency.", currency)
        .add(Int(total.amount))
    case .authorisation(let outcome, let duration):
      authorisations[Self.label(outcome)]?.add()
      let (seconds, attoseconds) = duration.components
      authorisationTime.observe(Double(seconds) + Double(attoseconds) / 1e18)
    case .stuck: break
    }
  }

  private static func label(_ outcome: PaymentOutcome) -> String {
    switch outcome {
    case .authorised: "authorised"
    case .declined: "declined"
    case .requiresAction: "requires_action"
    case .unknown: "unknown"
    }
  }
}
