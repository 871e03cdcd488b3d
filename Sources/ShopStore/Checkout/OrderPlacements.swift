import Postgres
import Shop

/// Places orders whose carts nobody else settles in all likelihood: in one trip, and for all that are ready at once.
struct OrderPlacements: Sendable {
  private let database: Database
  private let gathering: Gathering<(placement: OrderPlacement, deadline: Deadline), Result<Bool, any Error>>

  init(_ database: Database) {
    self.database = database
    gathering = database.gathering("checkout_place_orders") { await Self.together($0, database) }
  }

  /// False where the payment is not to be decided any more, or its cart is being settled.
  func place(_ placement: OrderPlacement, deadline: Deadline) async throws -> Bool {
    try await gathering.perform((placement, deadline), deadline: deadline) {
      do {
        return .success(try await Self.place([placement], database, deadline: deadline).contains(placement.order.id))
      } catch {
        return .failure(error)
      }
    }.get()
  }

  private static func together(
    _ members: [(placement: OrderPlacement, deadline: Deadline)], _ database: Database
  ) async -> [Result<Bool, any Error>?] {
    let deadline = members.dropFirst().reduce(members[0].deadline) { min($0, $1.deadline) }
    do {
      let placed = try await place(members.map(\.placement), database, deadline: deadline)
      return members.map { .success(placed.contains($0.placement.order.id)) }
    } catch PostgresError.commitUnknown {
      return members.map { _ in .failure(PostgresError.commitUnknown) }
    } catch {
      return members.count == 1 ? [.failure(error)] : members.map { _ in nil }
    }
  }

  private static func place(
    _ placements: [OrderPlacement], _ database: Database, deadline: Deadline
  ) async throws -> Set<OrderID> {
    try await database.patientTransaction(deadline: deadline) { transaction in
      let carts = Parameter.uuids(placements.map(\.attempt.cart.uuidBytes))
      return try OrderPlacement.placed(
        try await transaction.commit(
          with: [CheckoutStatements.lockCartsByID(carts), OrderPlacement.query(placements)],
          waitingForLocks: placements.count == 1)[1])
    }
  }
}
