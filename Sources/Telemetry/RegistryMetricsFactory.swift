import CoreMetrics

/// Lets libraries and levels that know swift-metrics only write into a `MetricsRegistry`.
///
/// Counters get `_total`, timers become histograms in seconds and get `_seconds`, as Prometheus's conventions ask.
package struct RegistryMetricsFactory: MetricsFactory {
  private let registry: MetricsRegistry

  package init(_ registry: MetricsRegistry) { self.registry = registry }

  private final class Counter: CounterHandler {
    let instrument: CounterInstrument
    init(_ instrument: CounterInstrument) { self.instrument = instrument }
    /// A counter that fell would look like a restart.
    func increment(by amount: Int64) { if amount > 0 { instrument.add(Int(amount)) } }
    func reset() { instrument.reset() }
  }

  private final class Meter: MeterHandler, RecorderHandler {
    let instrument: GaugeInstrument
    init(_ instrument: GaugeInstrument) { self.instrument = instrument }
    func set(_ value: Int64) { instrument.set(Double(value)) }
    func set(_ value: Double) { instrument.set(value) }
    func increment(by amount: Double) { instrument.add(amount) }
    func decrement(by amount: Double) { instrument.add(-amount) }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
  }

  private final class Recorder: RecorderHandler {
    let instrument: HistogramInstrument
    init(_ instrument: HistogramInstrument) { self.instrument = instrument }
    func record(_ value: Int64) { instrument.observe(Double(value)) }
    func record(_ value: Double) { instrument.observe(value) }
  }

  private final class Timer: TimerHandler {
    let instrument: HistogramInstrument
    init(_ instrument: HistogramInstrument) { self.instrument = instrument }
    func recordNanoseconds(_ duration: Int64) { instrument.observe(millionths: Int(duration / 1_000)) }
  }

  package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    Counter(registry.counter(Self.name(label, endingIn: "_total"), "", dimensions))
  }

  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    Meter(registry.gauge(label, "", dimensions))
  }

  package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    // Without aggregation it is swift-metrics' Gauge.
    guard aggregate else { return Meter(registry.gauge(label, "", dimensions)) }
    return Recorder(registry.histogram(label, "", dimensions, bounds: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]))
  }

  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    Timer(registry.histogram(Self.name(label, endingIn: "_seconds"), "", dimensions))
  }

  private static func name(_ label: String, endingIn suffix: String) -> String {
    let name = MetricsRegistry.sanitized(label)
    return name.hasSuffix(suffix) ? name : name + suffix
  }

  // Handles live as long as the process: the set of labels is closed.
  package func destroyCounter(_ handler: any CounterHandler) {}
  package func destroyMeter(_ handler: any MeterHandler) {}
  package func destroyRecorder(_ handler: any RecorderHandler) {}
  package func destroyTimer(_ handler: any TimerHandler) {}
}
