import Synchronization

/// All series of the process, and their text for Prometheus (exposition format 0.0.4).
package final class MetricsRegistry: Sendable {
  package typealias Labels = [(String, String)]

  enum Instrument: Sendable {
    case counter(CounterInstrument)
    case gauge(GaugeInstrument)
    case histogram(HistogramInstrument)
    /// Asked when scraped.
    case callback(@Sendable () -> Double)
  }

  enum Kind: String, Sendable { case counter, gauge, histogram }

  struct Series: Sendable {
    let labels: String
    let instrument: Instrument
  }

  struct Family: Sendable {
    let kind: Kind
    let help: String
    var series: [Series]
  }

  private let families = Mutex<[String: Family]>([:])
  private let descriptions = Mutex<[String: String]>([:])

  package init() {}

  /// The help text of a series that swift-metrics will make: its API has no place for one.
  package func describe(_ name: String, _ help: String) { descriptions.withLock { $0[Self.sanitized(name)] = help } }

  package func counter(_ name: String, _ help: String = "", _ labels: Labels = []) -> CounterInstrument {
    let instrument = make(name, .counter, help, labels) { .counter(CounterInstrument()) }
    return if case .counter(let counter) = instrument { counter } else { CounterInstrument() }
  }

  package func gauge(_ name: String, _ help: String = "", _ labels: Labels = []) -> GaugeInstrument {
    let instrument = make(name, .gauge, help, labels) { .gauge(GaugeInstrument()) }
    return if case .gauge(let gauge) = instrument { gauge } else { GaugeInstrument() }
  }

  package func histogram(
    _ name: String, _ help: String = "", _ labels: Labels = [], bounds: [Double] = HistogramInstrument.latencyBounds
  ) -> HistogramInstrument {
    let instrument = make(name, .histogram, help, labels) { .histogram(HistogramInstrument(bounds: bounds)) }
    return if case .histogram(let histogram) = instrument { histogram } else { HistogramInstrument() }
  }

  /// A gauge whose value is asked for at each scrape.
  package func gauge(_ name: String, _ help: String, _ labels: Labels = [], value: @escaping @Sendable () -> Double) {
    _ = make(name, .gauge, help, labels) { .callback(value) }
  }

  /// A counter that somebody else keeps.
  package func counter(_ name: String, _ help: String, _ labels: Labels = [], value: @escaping @Sendable () -> Double) {
    _ = make(name, .counter, help, labels) { .callback(value) }
  }

  /// The series of this name and these labels; made when it is new. One name has one kind: another gets an instrument that is
  /// not exported, as two kinds under one name would make the whole scrape invalid.
  private func make(_ name: String, _ kind: Kind, _ help: String, _ labels: Labels, _ instrument: () -> Instrument) -> Instrument
  {
    let name = Self.sanitized(name)
    let text = Self.text(labels)
    let help = help.isEmpty ? descriptions.withLock { $0[name] } ?? name : help
    return families.withLock { families in
      var family = families[name] ?? Family(kind: kind, help: help, series: [])
      guard family.kind == kind else { return instrument() }
      if let known = family.series.first(where: { $0.labels == text }) { return known.instrument }
      let made = instrument()
      family.series.append(Series(labels: text, instrument: made))
      families[name] = family
      return made
    }
  }

  func remove(_ name: String, _ labels: Labels) {
    let text = Self.text(labels)
    families.withLock { $0[Self.sanitized(name)]?.series.removeAll { $0.labels == text } }
  }

  // MARK: Text

  package func text() -> [UInt8] {
    let families = families.withLock { $0 }
    var text = ""
    for (name, family) in families.sorted(by: { $0.key < $1.key }) where !family.series.isEmpty {
      text += "# HELP \(name) \(Self.escapedHelp(family.help))\n# TYPE \(name) \(family.kind.rawValue)\n"
      for series in family.series { Self.append(series, name, to: &text) }
    }
    return Array(text.utf8)
  }

  private static func append(_ series: Series, _ name: String, to text: inout String) {
    let braces = series.labels.isEmpty ? "" : "{\(series.labels)}"
    switch series.instrument {
    case .counter(let counter): text += "\(name)\(braces) \(counter.count)\n"
    case .gauge(let gauge): text += "\(name)\(braces) \(number(gauge.value))\n"
    case .callback(let value): text += "\(name)\(braces) \(number(value()))\n"
    case .histogram(let histogram):
      let comma = series.labels.isEmpty ? "" : ","
      let counts = histogram.cumulative
      for (bound, count) in zip(histogram.bounds, counts) {
        text += "\(name)_bucket{\(series.labels)\(comma)le=\"\(number(bound))\"} \(count)\n"
      }
      let total = counts.last ?? 0
      text += "\(name)_bucket{\(series.labels)\(comma)le=\"+Inf\"} \(total)\n"
      text += "\(name)_sum\(braces) \(number(histogram.sum))\n\(name)_count\(braces) \(total)\n"
    }
  }

  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }

  private static func text(_ labels: Labels) -> String {
    labels.map { "\(sanitized($0.0))=\"\(escapedLabel($0.1))\"" }.joined(separator: ",")
  }

  private static func escapedLabel(_ text: String) -> String {
    // By scalars: CR LF is one Character, and its line feed would end the sample.
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }

  private static func escapedHelp(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { $0 += $1 == "\\" ? "\\\\" : $1 == "\n" ? "\\n" : String($1) }
  }

  /// Letters, digits and underscores, not beginning with a digit.
  static func sanitized(_ name: String) -> String {
    let text = String(
      decoding: name.utf8.map { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: ":"): byte
        default: UInt8(ascii: "_")
        }
      }, as: UTF8.self)
    return text.first?.isNumber ?? true ? "_\(text)" : text
  }
}
