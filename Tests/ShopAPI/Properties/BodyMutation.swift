import JSON
import TestSupport

/// Bodies that are almost those that a route reads: values of other types and sizes, members missing, unknown or twice, broken text.
struct BodyMutation {
  private var random: SeededGenerator
  /// Counts down to the node of the tree that is replaced.
  private var countdown = 0

  init(_ purpose: String) { random = SeededGenerator(purpose) }

  /// Bytes to send in place of `sample`, which is JSON.
  mutating func next(_ sample: String) -> [UInt8] {
    var text = sample
    if let tree = try? JSONReader.read(Array(sample.utf8)), !random.isHit(oneIn: 5) {
      for _ in 0...random.below(3) {
        countdown = random.below(Self.size(of: tree))
        text = written(tree)
      }
    }
    var bytes = Array(text.utf8)
    if random.isHit(oneIn: 4) { damage(&bytes) }
    return bytes
  }

  // MARK: The tree

  private static func size(of value: JSONValue) -> Int {
    switch value {
    case .array(let elements): elements.reduce(1) { $0 + size(of: $1) }
    case .object(let object): object.members.reduce(1) { $0 + size(of: $1.value) }
    default: 1
    }
  }

  private mutating func written(_ value: JSONValue) -> String {
    countdown -= 1
    if countdown == -1 { return replacement(for: value) }
    switch value {
    case .null: return "null"
    case .bool(let flag): return "\(flag)"
    case .integer(let number): return "\(number)"
    case .number(let text): return text
    case .string(let text): return Self.quoted(text)
    case .array(let elements): return "[" + list(elements.map { written($0) }) + "]"
    case .object(let object): return "{" + list(object.members.map { Self.quoted($0.name) + ":" + written($0.value) }) + "}"
    }
  }

  private func list(_ parts: [String]) -> String { parts.joined(separator: ",") }

  private mutating func replacement(for value: JSONValue) -> String {
    if case .object(let object) = value, !random.isHit(oneIn: 3) {
      var members = object.members.map { Self.quoted($0.name) + ":" + plain($0.value) }
      switch random.below(4) {
      case 0 where !members.isEmpty: members.remove(at: random.below(members.count))
      case 1 where !members.isEmpty: members.append(random.one(of: members))
      case 2: members.append(#""\#(random.one(of: ["extra", "", "id", "__proto__", "é", "a/b~c"]))":\#(scalar())"#)
      default: members.shuffle(using: &random)
      }
      return "{" + list(members) + "}"
    }
    if case .array(let elements) = value, !random.isHit(oneIn: 3) {
      let parts = elements.map { plain($0) }
      return "[" + list((0..<random.below(4)).flatMap { _ in parts } + (random.isHit(oneIn: 2) ? [scalar()] : [])) + "]"
    }
    return random.isHit(oneIn: 6) ? nested() : scalar()
  }

  private mutating func plain(_ value: JSONValue) -> String {
    let kept = countdown
    defer { countdown = kept }
    countdown = -2
    return written(value)
  }

  private mutating func scalar() -> String {
    random.one(of: [
      "null", "true", "false", "0", "-0", "-1", "1", "3", "1001", "2147483648", "-2147483649", "9007199254740991",
      "9007199254740992",
      "-9223372036854775808", "1e400", "1.5", "0.1e-99999", "12345678901234567890123", #""""#, #"" ""#, #""1""#, #""USD""#,
      #""usd""#, #""XXX""#,
      #""JPY""#, #""DE""#, #""null""#, #""'; DROP TABLE x; --""#, #""\u0001""#, #""\u202Eabc""#, #""\uFFFF""#, #""é\u0301""#,
      #""🍮👩‍👩‍👧""#,
      #""../../etc/passwd""#, #""4111 1111 1111 1111""#, #""a@b.example""#, #""@""#, #""https://x.test/y""#,
      #""prod_01j0000000000000000000zzzz""#,
      #""var_01j0000000000000000000zzzz""#, #""cat_01j0000000000000000000zzzz""#, #""var_""#, #""2026-01-31T12:00:00Z""#,
      #""active""#,
      Self.quoted(String(repeating: "x", count: random.one(of: [64, 128, 256, 300, 2_001, 20_001, 100_001]))),
      Self.quoted(String(repeating: "🍮", count: random.one(of: [64, 255, 256, 5_000]))),
    ])
  }

  private mutating func nested() -> String {
    let depth = random.one(of: [2, 31, 32, 33, 500])
    return random.isHit(oneIn: 2)
      ? String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      : String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)
  }

  private static func quoted(_ text: String) -> String {
    var json = JSONWriter()
    json.string(text)
    return String(decoding: json.finish(), as: UTF8.self)
  }

  // MARK: The bytes

  private mutating func damage(_ bytes: inout [UInt8]) {
    for _ in 0...random.below(3) {
      let place = random.below(bytes.count)
      switch random.below(6) {
      case 0 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8(random.below(8))
      case 1 where !bytes.isEmpty: bytes.removeSubrange(place..<min(place + 1 + random.below(8), bytes.count))
      case 2: bytes.removeSubrange(min(place, bytes.count)...)
      case 3: bytes.insert(contentsOf: random.bytes(upTo: 8), at: min(place, bytes.count))
      case 4:
        bytes.insert(
          contentsOf: random.one(of: ["{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\u{FEFF}", "//", "NaN"]).utf8,
          at: min(place, bytes.count))
      default: bytes += bytes.suffix(random.below(20))
      }
    }
  }
}
