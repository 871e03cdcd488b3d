import Postgres
import Shop

/// The holds of a cart, in place of those that it has.
struct HoldChange {
  let cart: CartID
  let own: [Allocation.Hold]
  let allocation: Allocation
}

extension [HoldChange] {
  /// The statements that make them true; `expiresAt` is nil for `paying`, which no clock ends. The stock of them all is locked.
  func writes(expiresAt: Timestamp?, ids: IdentifierSource) -> [Query] {
    compactMap(\.drop) + [reserve].compactMap { $0 } + [put(expiresAt: expiresAt, ids: ids)]
  }

  /// Each level is changed once, whatever the number of carts.
  private var reserve: Query? {
    var deltas: [[UUIDv7]: (change: Allocation.Change, delta: Int64)] = [:]
    for change in flatMap(\.allocation.changes) {
      deltas[[change.variant.uuid, change.location.uuid], default: (change, 0)].delta += change.delta
    }
    let changes = deltas.values.filter { $0.delta != 0 }
    guard !changes.isEmpty else { return nil }
    return HoldStatements.reserve(
      .uuids(changes.map(\.change.variant.uuidBytes)), .uuids(changes.map(\.change.location.uuidBytes)),
      .int32s(changes.map { Int32(clamping: $0.delta) }))
  }

  private func put(expiresAt: Timestamp?, ids: IdentifierSource) -> Query {
    let holds = flatMap { change in change.allocation.holds.map { (cart: change.cart, hold: $0) } }
    let new = holds.map { _ -> HoldID in ids.next() }
    return HoldStatements.put(
      .uuids(new.map(\.uuidBytes)), .uuids(holds.map(\.cart.uuidBytes)), .uuids(holds.map(\.hold.line.uuidBytes)),
      .uuids(holds.map(\.hold.variant.uuidBytes)), .uuids(holds.map(\.hold.location.uuidBytes)),
      .int32s(holds.map { Int32(clamping: $0.hold.quantity) }),
      .text((expiresAt == nil ? HoldState.paying : .held).rawValue), .value(expiresAt))
  }
}

extension HoldChange {
  /// Ends the holds that are not among the new ones.
  fileprivate var drop: Query? {
    let kept = Set(allocation.holds.map { [$0.line.uuid, $0.location.uuid] })
    guard !own.allSatisfy({ kept.contains([$0.line.uuid, $0.location.uuid]) }) else { return nil }
    return HoldStatements.drop(
      .value(cart), .uuids(allocation.holds.map(\.line.uuidBytes)), .uuids(allocation.holds.map(\.location.uuidBytes)))
  }
}
