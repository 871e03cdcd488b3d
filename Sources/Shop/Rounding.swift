/// A result that does not fit; the limits on prices and quantities make it impossible, and it is checked all the same.
package struct ArithmeticOverflow: Error, Hashable, Sendable {
  package init() {}
}

/// Whole-number arithmetic with the one rounding rule of the shop.
package enum Rounding {
  /// `value × numerator ÷ denominator`, rounded to the nearest, ties to the even neighbour; exact in between (128 bits).
  ///
  /// Half-even has no drift: over many lines as much is rounded up as down.
  package static func halfEven(
    _ value: Int64, times numerator: Int64, over denominator: Int64
  ) throws(ArithmeticOverflow) -> Int64 {
    guard denominator > 0 else { throw ArithmeticOverflow() }
    let product = Int128(value) * Int128(numerator)
    let (quotient, remainder) = product.quotientAndRemainder(dividingBy: Int128(denominator))
    let twice = remainder.magnitude * 2
    let isAway = twice > UInt128(denominator) || (twice == UInt128(denominator) && quotient % 2 != 0)
    let rounded = isAway ? quotient + (product < 0 ? -1 : 1) : quotient
    guard let result = Int64(exactly: rounded) else { throw ArithmeticOverflow() }
    return result
  }
}
