/// Randomness that a failing test can repeat (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// Text with many characters that matter to JSON, none that the reader refuses.
  mutating func text(length: Int) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<length {
      switch UInt8.random(in: 0...5, using: &self) {
      case 0: text.append(Unicode.Scalar(UInt8.random(in: 1...0x1F, using: &self)))
      case 1: text.append(["\"", "\\", "/", "~", "\u{7F}"].randomElement(using: &self) ?? "x")
      case 2: text.append(["é", "ß", "漢", "\u{2028}", "\u{FFFD}"].randomElement(using: &self) ?? "x")
      case 3: text.append(["😀", "🍮", "\u{10FFFD}"].randomElement(using: &self) ?? "x")
      default: text.append(Unicode.Scalar(UInt8.random(in: 0x20...0x7E, using: &self)))
      }
    }
    return String(text)
  }
}
