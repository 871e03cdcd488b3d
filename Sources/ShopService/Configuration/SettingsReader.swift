import Glibc
import Reactor

/// Reads settings from an environment, remembers each for `shop check-config`, and collects every fault instead of the first.
struct SettingsReader {
  /// One setting as it was found.
  struct Entry: Sendable {
    let name: String
    /// What to print: secrets and passwords are hidden.
    let shown: String
    let isDefault: Bool
  }

  private let environment: [String: String]
  private(set) var entries: [Entry] = []
  private(set) var faults: [String] = []

  init(_ environment: [String: String]) { self.environment = environment }

  /// Names that begin with `SHOP_` but that nothing has asked for: most likely misspelt.
  var unknownNames: [String] {
    let known = Set(entries.map(\.name))
    return environment.keys.filter {
      $0.hasPrefix("SHOP_") && !$0.hasPrefix("SHOP_TEST_") && !known.contains($0)
    }.sorted()
  }

  mutating func fault(_ name: String, _ rule: String) { faults.append("\(name): \(rule)") }

  private mutating func raw(_ name: String, shownDefault: String, show: (String) -> String = { $0 }) -> String? {
    // An empty variable is what a task definition makes of a value left out.
    let value = environment[name].flatMap { $0.isEmpty ? nil : $0 }
    entries.append(Entry(name: name, shown: value.map(show) ?? shownDefault, isDefault: value == nil))
    return value
  }

  mutating func text(_ name: String) -> String? { raw(name, shownDefault: "(none)") }

  mutating func text(_ name: String, default fallback: String) -> String { raw(name, shownDefault: fallback) ?? fallback }

  /// A URL whose password is hidden when shown; `check` says what is wrong with one, without repeating it.
  mutating func url(_ name: String, _ check: (String) -> String?) -> String? {
    guard let value = raw(name, shownDefault: "(none)", show: redactedURL) else { return nil }
    if let rule = check(value) { fault(name, rule) }
    return value
  }

  /// A name or an address; what is written like an address must be one.
  mutating func host(_ name: String, default fallback: String) -> String {
    let host = text(name, default: fallback)
    let isNumeric = host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    var address = in_addr()
    if isNumeric && inet_pton(AF_INET, host, &address) != 1 { fault(name, "\"\(host)\" is no IPv4 address") }
    return host
  }

  /// A comma-separated list of networks in CIDR form; `none` for none.
  mutating func networks(_ name: String, default fallback: String) -> [IPNetwork] {
    let list = text(name, default: fallback)
    guard list != "none" else { return [] }
    return list.split(separator: ",", omittingEmptySubsequences: false).compactMap { entry in
      let entry = entry.drop { $0 == " " }
      if let network = IPNetwork(String(entry)) { return network }
      fault(name, "\"\(entry)\" is no network such as 10.0.0.0/8 or fc00::/7, with no bits set behind its prefix")
      return nil
    }
  }

  /// The path of a file that can be read.
  mutating func file(_ name: String) -> String? {
    guard let path = text(name) else { return nil }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { fault(name, "cannot read \"\(path)\": \(String(cString: strerror(errno)))") }
    if descriptor >= 0 { close(descriptor) }
    return path
  }

  /// A plain name; whether PostgreSQL has a configuration of this name, only it knows.
  mutating func searchLanguage() -> String {
    let name = "SHOP_SEARCH_LANGUAGE"
    let language = text(name, default: "english")
    let isName = language.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
      default: false
      }
    }
    if !isName || language.utf8.count > 63 {
      fault(name, "\"\(language)\" is no name of a text search configuration, such as english or german")
    }
    return language
  }

  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, default fallback: Choice
  ) -> Choice where Choice.RawValue == String {
    guard let value = raw(name, shownDefault: fallback.rawValue) else { return fallback }
    guard let choice = Choice(rawValue: value) else {
      fault(name, "\"\(value)\" is none of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
      return fallback
    }
    return choice
  }

  mutating func integer(_ name: String, default fallback: Int, in range: ClosedRange<Int>, unit: String = "") -> Int {
    guard let value = raw(name, shownDefault: String(fallback)) else { return fallback }
    guard let number = Int(value), range.contains(number) else {
      fault(
        name,
        "\"\(value)\" is not a whole number\(unit.isEmpty ? "" : " of \(unit)") from \(range.lowerBound) to \(range.upperBound)")
      return fallback
    }
    return number
  }

  /// A duration in whole milliseconds; the name ends in `_MS`.
  mutating func milliseconds(_ name: String, default fallback: Int, in range: ClosedRange<Int>) -> Duration {
    .milliseconds(integer(name, default: fallback, in: range, unit: "milliseconds"))
  }

  /// A part of a whole, from 0 to 1.
  mutating func ratio(_ name: String, default fallback: Double) -> Double {
    guard let value = raw(name, shownDefault: "\(fallback)") else { return fallback }
    guard let number = Double(value), (0...1).contains(number) else {
      fault(name, "\"\(value)\" is not a number from 0 to 1, such as 0.01")
      return fallback
    }
    return number
  }

  mutating func flag(_ name: String, default fallback: Bool) -> Bool {
    switch raw(name, shownDefault: fallback ? "on" : "off") {
    case nil: return fallback
    case "on", "true", "1": return true
    case "off", "false", "0": return false
    case .some(let value):
      fault(name, "\"\(value)\" is neither on nor off")
      return fallback
    }
  }

  /// A comma-separated list of secrets, each at least `minimum` characters long; the first is the one in use.
  mutating func secrets(_ name: String, minimum: Int) -> [String] {
    guard let value = raw(name, shownDefault: "(none)", show: { "(\($0.split(separator: ",").count) set, hidden)" }) else {
      return []
    }
    let secrets = value.split(separator: ",").map(String.init)
    for (index, secret) in secrets.enumerated() where secret.utf8.count < minimum {
      fault(name, "entry \(index + 1) has \(secret.utf8.count) characters, fewer than \(minimum)")
    }
    return secrets
  }
}
