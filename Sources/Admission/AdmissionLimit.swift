import Reactor

/// How many requests at a time the database answers without delay: found by watching how long answers take.
///
/// Every route is compared with itself: with what its answers take while little is under way, its normal. The limit shrinks as far as
/// answers take longer than they may, on average over a window, and grows by its square root while they do not. A value that knows
/// no clock and no requests: `Admission` tells it of both.
struct AdmissionLimit {
  private struct Route {
    /// Seconds, 0 while unknown.
    var normal = 0.0
    var sum = 0.0
    var count = 0
  }

  private let settings: AdmissionSettings
  private let quick: Double
  private var routes: [Route] = []
  /// Those with an answer in this window.
  private var touched: [Int] = []
  private(set) var value: Double
  private var windowEnd: Instant?
  private var answers = 0
  private var failures = 0
  /// The most that were under way at a time.
  private var peak = 0

  init(_ settings: AdmissionSettings) {
    self.settings = settings
    quick = settings.quick.seconds / settings.tolerance
    value = Double(settings.initial)
  }

  /// What an answer of the route takes on a quiet day, in seconds; nil while nothing is known.
  func normal(of route: Int) -> Double? {
    routes.indices.contains(route) && routes[route].normal > 0 ? routes[route].normal : nil
  }

  /// An answer of `route` took so long, while so many were under way, itself included.
  mutating func noteAnswer(_ route: Int, took seconds: Double, of underWay: Int, at now: Instant) {
    while routes.count <= route { routes.append(Route()) }
    if routes[route].count == 0 { touched.append(route) }
    routes[route].sum += seconds
    routes[route].count += 1
    answers += 1
    note(underWay, now)
  }

  /// There was no answer in time, or no connection for it.
  mutating func noteFailure(of underWay: Int, at now: Instant) {
    failures += 1
    note(underWay, now)
  }

  private mutating func note(_ underWay: Int, _ now: Instant) {
    peak = max(peak, underWay)
    guard let end = windowEnd else {
      windowEnd = now + settings.window
      return
    }
    guard now >= end, answers + failures >= Self.fewest else { return }
    adjust()
    (answers, failures, peak) = (0, 0, 0)
    windowEnd = now + settings.window
  }

  /// A window with fewer answers says nothing yet.
  private static let fewest = 8

  private mutating func adjust() {
    let slowness = slowness()
    if failures * 20 > answers + failures {
      value *= 0.7
    } else {
      let gradient = min(1, max(0.5, settings.tolerance / slowness))
      let next = value * gradient + value.squareRoot()
      // A limit that nobody comes near says nothing when it grows.
      if next < value || peak * 2 > Int(value) { value += (next - value) * 0.4 }
    }
    value = min(Double(settings.maximum), max(Double(settings.minimum), value))
  }

  /// How many times as long as on a quiet day the window's answers took; learns what that is.
  private mutating func slowness() -> Double {
    var sum = 0.0
    for route in touched {
      let (mean, count) = (routes[route].sum / Double(routes[route].count), routes[route].count)
      (routes[route].sum, routes[route].count) = (0, 0)
      let normal = routes[route].normal
      // One route that waits for a lock shall not close the door to all others.
      sum += normal == 0 ? Double(count) : Double(count) * min(10, mean / max(normal, quick))
      routes[route].normal = learned(normal, mean, count)
    }
    touched.removeAll(keepingCapacity: true)
    return answers == 0 ? 1 : max(sum / Double(answers), 0.01)
  }

  private func learned(_ normal: Double, _ mean: Double, _ count: Int) -> Double {
    if normal == 0 { return mean }
    let weight = min(1, Double(count) / 32)
    // With so few under way nobody waits for anybody: what it takes is what it takes. So the normal follows a database that has become slower.
    if peak <= max(3, Int(value / 8)) { return normal + (mean - normal) * 0.2 * weight }
    if mean < normal { return normal + (mean - normal) * 0.2 * weight }
    // At the least that there is, waiting is no fault of ours either.
    if Int(value) <= settings.minimum { return normal + (mean - normal) * 0.02 * weight }
    return normal
  }
}

extension Duration {
  /// For arithmetic; a nanosecond more or less does not matter here.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
