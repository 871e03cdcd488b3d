/// Recognises payment card numbers in free text, so that the shop never stores or logs one (PCI DSS: what is not held cannot
/// leak).
package enum CardNumber {
  /// Whether digits, alone or in groups joined by one blank or hyphen, are what a card of a known issuer could have on it:
  /// issuer range, a length of that brand, and Luhn's check digit.
  package static func isIn(_ text: some StringProtocol) -> Bool {
    // Groups of digits that one separator joins. A card may begin and end at any of them: "flat 12 4111 1111 1111 1111".
    var groups: [[UInt8]] = []
    var group: [UInt8] = []
    var separators = 0
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39:
        if separators > 1 {
          if hasCard(groups) { return true }
          groups.removeAll(keepingCapacity: true)
        }
        separators = 0
        group.append(byte - 0x30)
      case UInt8(ascii: " "), UInt8(ascii: "-"):
        if !group.isEmpty {
          groups.append(group)
          group.removeAll(keepingCapacity: true)
        }
        separators += 1
      default:
        if !group.isEmpty { groups.append(group) }
        if hasCard(groups) { return true }
        groups.removeAll(keepingCapacity: true)
        group.removeAll(keepingCapacity: true)
        separators = 0
      }
    }
    if !group.isEmpty { groups.append(group) }
    return hasCard(groups)
  }

  private static func hasCard(_ groups: [[UInt8]]) -> Bool {
    for first in groups.indices {
      var digits: [UInt8] = []
      for group in groups[first...] {
        digits += group
        guard digits.count <= 19 else { break }
        if isCard(digits) { return true }
      }
    }
    return false
  }

  /// Whether these digits are a card number as a whole.
  private static func isCard(_ digits: [UInt8]) -> Bool {
    guard (13...19).contains(digits.count) else { return false }
    let six = digits.prefix(6).reduce(0) { $0 * 10 + Int($1) }
    guard brands.contains(where: { $0.issuers.contains(six) && $0.lengths.contains(digits.count) }) else { return false }
    var sum = 0
    for (position, digit) in digits.reversed().enumerated() {
      let doubled = Int(digit) * 2
      sum += position % 2 == 0 ? Int(digit) : doubled > 9 ? doubled - 9 : doubled
    }
    return sum % 10 == 0
  }

  /// First six digits and lengths, by brand: Visa, Mastercard (two ranges), American Express (two), Diners Club (two),
  /// Discover (three), JCB, UnionPay, Maestro's most used ranges.
  private static let brands: [(issuers: ClosedRange<Int>, lengths: Set<Int>)] = [
    (400_000...499_999, [13, 16, 19]),
    (510_000...559_999, [16]),
    (222_100...272_099, [16]),
    (340_000...349_999, [15]),
    (370_000...379_999, [15]),
    (300_000...305_999, [14, 16]),
    (360_000...369_999, [14]),
    (380_000...399_999, [14, 16]),
    (601_100...601_199, [16, 19]),
    (644_000...659_999, [16, 19]),
    (622_126...622_925, [16, 19]),
    (352_800...358_999, [16, 19]),
    (620_000...629_999, [16, 17, 18, 19]),
    (501_800...501_899, [13, 15, 16, 19]),
    (676_100...676_399, [16, 18, 19]),
  ]
}
