import Crypto
import Postgres
import Shop

/// Takes a merchant's products over: new ones are made, known ones changed where the file differs, the rest left alone.
///
/// Products are known by their external id, or by their handle where they have none. A change keeps what the file does not speak
/// of: handle, status, other attributes, categories and pictures beyond the first, prices in other currencies.
package struct ProductImporting: Sendable {
  let database: Database

  package init(_ database: Database) { self.database = database }

  package struct Item: Sendable {
    package let imported: ImportRow.Imported
    /// Of the file and the row: a replay of the same file books no stock twice.
    package let reference: String

    package init(imported: ImportRow.Imported, reference: String) {
      self.imported = imported
      self.reference = reference
    }
  }

  package struct Counts: Sendable, Equatable {
    package var created = 0
    package var changed = 0
    package var unchanged = 0
    /// Variants that were there before and whose stock was set.
    package var stockSet = 0
    /// Variants whose stock was not set: more was reserved while the import ran.
    package var stockRefused: [Conflict] = []

    /// Whether the catalogue may look different now.
    package var hasWritten: Bool { created + changed + stockSet > 0 }
  }

  /// What stands against a row.
  package struct Conflict: Sendable, Equatable {
    package let item: Int
    package let column: String
    package let detail: String
  }

  package struct Conflicts: Error, Sendable {
    package let all: [Conflict]
  }

  private static let batch = 1_000

  /// The products in one transaction; throws `Conflicts` with all that was found, and then nothing is kept. The stock of those that
  /// were there is set afterwards, in steps (`ImportStock`): after a failure in between the same import, run again, ends it.
  /// - Parameter report: rows done so far.
  package func load(
    _ items: [Item], setStock: Bool, deadline: Deadline, _ report: @Sendable (Int) -> Void
  ) async throws -> Counts {
    var (counts, counted) = try await load(items, setStock: setStock, by: deadline, report)
    if !counted.isEmpty {
      (counts.stockSet, counts.stockRefused) = try await ImportStock(database: database).set(counted, deadline: deadline)
    }
    return counts
  }

  private func load(
    _ items: [Item], setStock: Bool, by deadline: Deadline, _ report: @Sendable (Int) -> Void
  ) async throws -> (Counts, [ImportStock.Count]) {
    try await database.transaction(deadline: deadline, statementTimeout: .seconds(600)) { transaction in
      var shelves = try ImportShelves(try await transaction.run(CategoryRows.all()))
      var ids = IdentifierSequence()
      var counts = Counts()
      var counted: [ImportStock.Count] = []
      var conflicts: [Conflict] = []
      var start = 0
      while start < items.count {
        let end = min(start + Self.batch, items.count)
        let known = try await KnownProducts(items[start..<end].map(\.imported), transaction)
        var step = ImportStep(known: known, setStock: setStock)
        for index in start..<end { step.take(items[index], index, &shelves, &ids) }
        conflicts += step.conflicts
        conflicts += try await ImportStock.conflicts(step.counted, transaction)
        if conflicts.isEmpty {
          try await transaction.run(CategoryInsertion.queries(shelves.takeNew()))
          try await step.write(transaction)
          counts.created += step.created
          counts.changed += step.changed
          counts.unchanged += step.unchanged
          counted += step.counted
        }
        guard conflicts.count < 100 else { break }
        start = end
        report(end)
      }
      guard conflicts.isEmpty else { throw Conflicts(all: conflicts) }
      return (counts, counted)
    }
  }
}

/// New ids, in their order.
struct IdentifierSequence {
  private var generator = UUIDv7.Generator()
  private var random = SecureRandom()
  private let clock = SystemWallClock()

  mutating func next<Kind>(_ kind: Kind.Type = Kind.self) -> Identifier<Kind> {
    Identifier(generator.next(milliseconds: clock.now.microseconds / 1_000, using: &random))
  }
}
