/// Which holds serve a cart's lines: all of them or none.
package struct Allocation: Hashable, Sendable {
  /// So many for one line at one location.
  package struct Hold: Hashable, Sendable {
    package let line: LineID
    package let variant: VariantID
    package let location: LocationID
    package let quantity: Int64

    package init(line: LineID, variant: VariantID, location: LocationID, quantity: Int64) {
      self.line = line
      self.variant = variant
      self.location = location
      self.quantity = quantity
    }
  }

  /// By how much `reserved` of one level changes; never zero.
  package struct Change: Hashable, Sendable {
    package let variant: VariantID
    package let location: LocationID
    package let delta: Int64
  }

  package let holds: [Hold]
  /// In the order in which stock rows are locked everywhere: variant, then location.
  package let changes: [Change]

  /// Serves every line or refuses with `out_of_stock`, naming each line that falls short.
  ///
  /// Lines of the same variant share what there is, in their order. A line is served from one location where one has enough
  /// (the smallest such, by id), else from several.
  /// - Parameters:
  ///   - levels: locked, of the lines' variants, all locations.
  ///   - own: the holds that this cart has already and that these replace; their stock counts as free.
  package static func allocate(
    _ lines: [CartLine], levels: [StockLevel], own: [Hold] = []
  ) throws(Refusal) -> Allocation {
    var shelves: [VariantID: [(location: LocationID, free: Int64)]] = [:]
    var deltas: [Place: Int64] = [:]
    for hold in own { deltas[Place(hold.variant, hold.location), default: 0] -= hold.quantity }
    for level in levels.sorted(by: { ($0.variant, $0.location) < ($1.variant, $1.location) }) {
      let returned = -(deltas[Place(level.variant, level.location)] ?? 0)
      let free = max(level.onHand + level.backorderLimit - level.reserved + returned, 0)
      shelves[level.variant, default: []].append((level.location, free))
    }

    var holds: [Hold] = []
    var shortages: [Refusal.Shortage] = []
    for (index, line) in lines.enumerated() {
      var shelf = shelves[line.variant] ?? []
      let free = shelf.reduce(0) { $0 + $1.free }
      guard free >= line.quantity else {
        shortages.append(
          Refusal.Shortage(line: index, variant: line.variant, requested: line.quantity, available: free))
        continue
      }
      let whole = shelf.firstIndex { $0.free >= line.quantity }
      var missing = line.quantity
      for place in whole.map({ $0...$0 }) ?? 0...(shelf.count - 1) where shelf[place].free > 0 && missing > 0 {
        let taken = min(shelf[place].free, missing)
        shelf[place].free -= taken
        missing -= taken
        holds.append(Hold(line: line.id, variant: line.variant, location: shelf[place].location, quantity: taken))
        deltas[Place(line.variant, shelf[place].location), default: 0] += taken
      }
      shelves[line.variant] = shelf
    }
    guard shortages.isEmpty else { throw .outOfStock(shortages) }
    let changes = deltas.filter { $0.value != 0 }
      .map { Change(variant: $0.key.variant, location: $0.key.location, delta: $0.value) }
      .sorted { ($0.variant, $0.location) < ($1.variant, $1.location) }
    return Allocation(holds: holds, changes: changes)
  }

  private struct Place: Hashable {
    let variant: VariantID
    let location: LocationID

    init(_ variant: VariantID, _ location: LocationID) {
      self.variant = variant
      self.location = location
    }
  }
}
