/// An exact amount of one currency in minor units: cents of USD, whole yen, fils of KWD.
package struct Money: Hashable, Sendable {
  package let amount: Int64
  package let currency: Currency

  package init(_ amount: Int64, _ currency: Currency) {
    self.amount = amount
    self.currency = currency
  }

  /// The largest amount that crosses the wire exactly: JSON numbers are integers up to 2^53 - 1 (RFC 7493 section 2.2).
  package static let largestAmount: Int64 = 9_007_199_254_740_991

  /// The highest price of one unit.
  ///
  /// A full cart (100 lines of 1,000 units) of it, taxed at 100 %, stays below `largestAmount`, so no cart can overflow.
  package static let highestPrice: Int64 = 10_000_000_000

  /// Why a text is not an amount of a currency.
  package enum ParseError: Error, Equatable, Sendable {
    /// Not `digits[.digits]` with an optional leading minus sign.
    case notANumber
    /// More decimal digits than the currency has; `allowed` is its exponent.
    case tooManyDecimals(allowed: Int)
    /// Beyond `largestAmount`.
    case tooLarge
  }

  /// Reads a decimal amount of major units, `89.99`, exactly; missing decimals count as zeros.
  ///
  /// No sign but a leading minus, no exponent, no grouping, no blanks: a price list with those must not be guessed at.
  package init(decimal text: some StringProtocol, _ currency: Currency) throws(ParseError) {
    var units: Int64 = 0
    var decimals = -1
    var digits = 0
    var isNegative = false
    for (position, byte) in text.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "-") where position == 0:
        isNegative = true
      case UInt8(ascii: ".") where decimals < 0 && digits > 0:
        decimals = 0
      case 0x30...0x39:
        digits += 1
        if decimals >= 0 {
          decimals += 1
          guard decimals <= currency.exponent else { throw .tooManyDecimals(allowed: currency.exponent) }
        }
        units = units * 10 + Int64(byte - 0x30)
        guard units <= Self.largestAmount else { throw .tooLarge }
      default:
        throw .notANumber
      }
    }
    guard digits > 0, decimals != 0 else { throw .notANumber }
    for _ in max(decimals, 0)..<currency.exponent {
      units *= 10
      guard units <= Self.largestAmount else { throw .tooLarge }
    }
    self.init(isNegative ? -units : units, currency)
  }

  /// The amount in major units with all decimals of the currency: `89.99`, `1500`, `0.005`.
  package var decimal: String {
    let scale = currency.minorUnitsPerMajor
    let magnitude = amount.magnitude
    let whole = String(magnitude / UInt64(scale))
    let sign = amount < 0 ? "-" : ""
    guard currency.exponent > 0 else { return sign + whole }
    let part = String(magnitude % UInt64(scale))
    return sign + whole + "." + String(repeating: "0", count: currency.exponent - part.utf8.count) + part
  }
}

extension Money: CustomStringConvertible {
  package var description: String { "\(decimal) \(currency.code)" }
}
