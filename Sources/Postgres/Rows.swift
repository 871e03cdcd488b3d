import CLibPQ
import Glibc

/// The result of one statement: its rows in binary, or the count of rows that it changed.
///
/// `@unchecked Sendable`: owns a PGresult, which nothing changes after it is made; libpq's getters only read.
package final class Rows: @unchecked Sendable {
  let result: OpaquePointer
  package let count: Int
  package let columnCount: Int

  /// Takes ownership of `result`.
  init(owning result: OpaquePointer) {
    self.result = result
    count = Int(PQntuples(result))
    columnCount = Int(PQnfields(result))
  }

  deinit { PQclear(result) }

  package var isEmpty: Bool { count == 0 }

  /// Rows inserted, updated, deleted, or selected; 0 for commands that have no such count.
  package var affected: Int {
    guard let text = PQcmdTuples(result) else { return 0 }
    return Int(strtoll(text, nil, 10))
  }

  /// The command tag's first word: SELECT, COMMIT…
  var command: String { String(cString: PQcmdStatus(result)) }

  package var first: Row? { count > 0 ? Row(self, 0) : nil }

  /// The row at `index`; reading from one that is not there is an error, not a trap.
  package subscript(index: Int) -> Row { Row(self, index) }

  package func columnName(_ column: Int) -> String {
    PQfname(result, Int32(clamping: column)).map { String(cString: $0) } ?? ""
  }
}

extension Rows: Sequence {
  package struct Iterator: IteratorProtocol {
    private let rows: Rows
    private var index = 0

    init(_ rows: Rows) { self.rows = rows }

    package mutating func next() -> Row? {
      guard index < rows.count else { return nil }
      defer { index += 1 }
      return Row(rows, index)
    }
  }

  package func makeIterator() -> Iterator { Iterator(self) }

  package var underestimatedCount: Int { count }

  /// `map` that keeps the typed error.
  package func decode<Value>(_ body: (Row) throws(PostgresError) -> Value) throws(PostgresError) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(count)
    for index in 0..<count { values.append(try body(Row(self, index))) }
    return values
  }
}
