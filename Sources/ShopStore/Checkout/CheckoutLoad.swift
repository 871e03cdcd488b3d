import Postgres
import Shop

/// What checkouts are decided on: several carts at once, read in one trip under the locks that keep it true.
struct CheckoutLoad {
  private var carts: [CartID: Row] = [:]
  /// Where a cart has no lines, a row with its codes alone.
  private var lines: [CartID: [Row]] = [:]
  private var levels: [VariantID: [StockLevel]] = [:]
  private var holds: [CartID: [Allocation.Hold]] = [:]

  static func queries(_ accesses: [CartAccess]) -> [Query] {
    let ids = Parameter.uuids(accesses.map(\.cart.uuidBytes))
    return [
      CheckoutStatements.lockCarts(ids, .byteStrings(accesses.map(\.tokenDigest))), CheckoutStatements.lines(ids),
      CheckoutStatements.lockStock(ids), HoldStatements.live(ids),
    ]
  }

  /// - Parameter rows: of `queries`, and perhaps of others behind them.
  init(_ rows: [Rows]) throws {
    for row in rows[0] { carts[CartID(try row.uuid(0))] = row }
    for row in rows[1] { lines[CartID(try row.uuid(0)), default: []].append(row) }
    for row in rows[2] {
      let level = try CheckoutRows.level(row)
      levels[level.variant, default: []].append(level)
    }
    for row in rows[3] { holds[CartID(try row.uuid(0)), default: []].append(try CheckoutRows.hold(row)) }
  }

  /// Refuses with `notFound` a cart that is unknown or that its token does not open.
  func cart(_ id: CartID) throws -> (cart: Cart, lines: [OfferedLine]) {
    guard let row = carts[id] else { throw Refusal.notFound }
    let rows = lines[id] ?? []
    let offered = try rows.compactMap { try CheckoutRows.line($0) }
    let discounts = try rows.first.map { try CartDiscountRows.discounts($0, 1) } ?? []
    return (try CheckoutRows.cart(row, lines: offered.map(\.line), discounts: discounts), offered)
  }

  /// Those that it has already.
  func holds(of cart: CartID) -> [Allocation.Hold] { holds[cart] ?? [] }

  func levels(for lines: [OfferedLine]) -> [StockLevel] {
    Set(lines.map(\.line.variant)).flatMap { levels[$0] ?? [] }
  }

  /// What is reserved for one cart is not there for the next.
  mutating func reserve(_ allocation: Allocation) {
    for change in allocation.changes {
      guard let index = levels[change.variant]?.firstIndex(where: { $0.location == change.location }) else { continue }
      levels[change.variant]?[index].reserved += change.delta
    }
  }
}
