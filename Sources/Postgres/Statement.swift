import CLibPQ
import Glibc
import Synchronization

/// One SQL statement of the program, prepared on each connection when it is first used there.
///
/// Make each once, as a `static let`: connections remember by instance what they have prepared. The server infers the types of
/// `$1…` from their use, so write casts (`$1::uuid`) where the use leaves it open. Results come in binary.
package final class Statement: Sendable {
  /// For logs and counters; closed set, lower_snake_case.
  package let name: String
  package let sql: String
  /// Place in a connection's table of what is prepared there; nil for statements that are parsed at each use.
  let slot: Int?
  /// BEGIN, COMMIT, ROLLBACK and the like: not counted as statements.
  let isControl: Bool
  // nonisolated(unsafe): written once in init, freed in deinit.
  nonisolated(unsafe) let nameInC: UnsafeMutablePointer<CChar>
  nonisolated(unsafe) let sqlInC: UnsafeMutablePointer<CChar>

  private static let count = Atomic<Int>(0)

  package convenience init(_ name: String, _ sql: String) { self.init(name, sql, prepared: true) }

  /// A statement whose text is not constant, or that runs once: parsed at each use, never kept by the server.
  package static func once(_ name: String, _ sql: String) -> Statement { Statement(name, sql, prepared: false) }

  init(_ name: String, _ sql: String, prepared: Bool, isControl: Bool = false) {
    self.name = name
    self.sql = sql
    self.isControl = isControl
    let slot = prepared ? Self.count.add(1, ordering: .relaxed).oldValue : nil
    self.slot = slot
    // Numbered: two statements of one name must not meet on the server.
    nameInC = Self.copy(slot.map { "\(name)_\($0)" } ?? "")
    sqlInC = Self.copy(sql)
  }

  deinit {
    nameInC.deallocate()
    sqlInC.deallocate()
  }

  private static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
    var text = text
    return text.withUTF8 { bytes in
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
      for index in bytes.indices { copy[index] = CChar(bitPattern: bytes[index]) }
      copy[bytes.count] = 0
      return copy
    }
  }

  /// The statement with values for `$1…`, ready to be sent.
  package func callAsFunction(_ parameters: Parameter...) -> Query { Query(self, parameters) }

  package func bind(_ parameters: [Parameter]) -> Query { Query(self, parameters) }

  static let begin = Statement("begin", "BEGIN", prepared: true, isControl: true)
  static let commit = Statement("commit", "COMMIT", prepared: true, isControl: true)
  static let rollback = Statement("rollback", "ROLLBACK", prepared: true, isControl: true)
}

/// A statement and its values.
package struct Query: Sendable {
  package let statement: Statement
  package let parameters: [Parameter]

  package init(_ statement: Statement, _ parameters: [Parameter] = []) {
    self.statement = statement
    self.parameters = parameters
  }
}
