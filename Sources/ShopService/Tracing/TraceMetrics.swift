import Telemetry

/// What became of the spans; shared by the loops.
struct TraceMetrics: Sendable {
  let exported: CounterInstrument
  /// The queue was full.
  let crowded: CounterInstrument
  /// The collector did not want them.
  let refused: CounterInstrument
  /// The collector did not answer, several times.
  let unreachable: CounterInstrument

  init(_ registry: MetricsRegistry) {
    exported = registry.counter("shop_trace_spans_exported_total", "Spans that the collector took.")
    func dropped(_ reason: String) -> CounterInstrument {
      registry.counter("shop_trace_spans_dropped_total", "Spans that were lost, by why.", [("reason", reason)])
    }
    crowded = dropped("queue_full")
    refused = dropped("refused")
    unreachable = dropped("unreachable")
  }
}
