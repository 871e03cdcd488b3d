/// Divides an amount into whole parts that add up to it, whatever is rounded.
package enum LargestRemainder {
  /// Parts of `amount` in proportion to `weights`: each is its exact share rounded down, and the units that are left go to those
  /// that lost most, of equals to the first.
  ///
  /// No part is above its weight where `amount` is not above their sum. All must be at least 0; all parts are 0 where the weights are.
  package static func parts(of amount: Int64, by weights: [Int64]) -> [Int64] {
    let sum = weights.reduce(Int128(0)) { $0 + Int128($1) }
    guard amount > 0, sum > 0 else { return weights.map { _ in 0 } }
    var parts: [Int64] = []
    var losses: [(index: Int, remainder: Int128)] = []
    for (index, weight) in weights.enumerated() {
      let (share, remainder) = (Int128(amount) * Int128(weight)).quotientAndRemainder(dividingBy: sum)
      parts.append(Int64(share))
      losses.append((index, remainder))
    }
    let left = amount - parts.reduce(0, +)
    losses.sort { ($1.remainder, $0.index) < ($0.remainder, $1.index) }
    for loss in losses.prefix(Int(left)) { parts[loss.index] += 1 }
    return parts
  }
}
