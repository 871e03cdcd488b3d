import CLibPQ

/// Why a statement or transaction gave no result.
package enum PostgresError: Error, Sendable {
  /// The server refused; SQLSTATE and constraint name say why.
  case server(ServerError)
  /// The connection ended before the answer came; with `sent` false the server has seen nothing of it.
  case connectionLost(sent: Bool)
  /// The deadline passed; what was sent may still be executed (a transaction will be rolled back).
  case timeout
  /// No exclusive connection became free in time: the caller should shed the request.
  case poolExhausted
  /// No connection can be made at present; the text is for the log and names no secret.
  case unavailable(String)
  /// A result was not of the type asked for.
  case decoding(DecodingFault)
  /// COMMIT was sent but its answer never came: the effect may or may not be there.
  case commitUnknown
  /// The database is being closed.
  case closed
}

extension PostgresError {
  /// SQLSTATE, where the server gave one.
  package var sqlState: String? {
    if case .server(let error) = self { error.sqlState } else { nil }
  }

  /// Name of the constraint that refused, where one did.
  package var constraint: String? {
    if case .server(let error) = self { error.constraint } else { nil }
  }

  /// The session is of a server that takes no writes, as after a failover: nothing was written, and no other session of it helps.
  package var isOfReadOnlyServer: Bool { sqlState == "25006" }

  /// True where the trouble is the database's state rather than the statement: the caller answers 503 and the client may retry.
  package var isTransient: Bool {
    switch self {
    case .connectionLost, .timeout, .poolExhausted, .unavailable, .closed: true
    case .server(let error): error.isTransient
    case .decoding, .commitUnknown: false
    }
  }
}

extension PostgresError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .server(let error): error.description
    case .connectionLost(let sent): sent ? "the connection was lost before the answer" : "the connection was lost before sending"
    case .timeout: "the deadline passed before the answer"
    case .poolExhausted: "no connection became free in time"
    case .unavailable(let reason): "the database is unavailable: \(reason)"
    case .decoding(let fault): fault.description
    case .commitUnknown: "the outcome of COMMIT is unknown"
    case .closed: "the database is closed"
    }
  }
}

/// What the server said of a failed statement. The message may hold values of the shop: for the log, never for a client.
package final class ServerError: Sendable, CustomStringConvertible {
  /// Five characters (PostgreSQL's appendix A).
  package let sqlState: String
  package let severity: String
  package let message: String
  package let detail: String?
  package let constraint: String?
  package let table: String?
  package let column: String?
  /// Name of the statement that failed, where it is known.
  package let statement: String?

  package init(
    sqlState: String, severity: String = "ERROR", message: String, detail: String? = nil, constraint: String? = nil,
    table: String? = nil, column: String? = nil, statement: String? = nil
  ) {
    self.sqlState = sqlState
    self.severity = severity
    self.message = message
    self.detail = detail
    self.constraint = constraint
    self.table = table
    self.column = column
    self.statement = statement
  }

  convenience init(_ result: OpaquePointer, statement: String?) {
    func field(_ code: Character) -> String? {
      guard let ascii = code.asciiValue, let text = PQresultErrorField(result, Int32(ascii)) else { return nil }
      return String(cString: text)
    }
    // The codes are PG_DIAG_… of postgres_ext.h, character literals that the importer leaves out.
    self.init(
      sqlState: field("C") ?? "XX000", severity: field("V") ?? field("S") ?? "ERROR",
      message: field("M") ?? String(cString: PQresultErrorMessage(result)), detail: field("D"), constraint: field("n"),
      table: field("t"), column: field("c"), statement: statement)
  }

  /// The session ends with it.
  var isFatal: Bool { severity == "FATAL" || severity == "PANIC" }

  /// The transaction has failed for want of luck: another try may succeed.
  package var isSerializationFailure: Bool { sqlState == "40001" || sqlState == "40P01" }

  /// Query cancelled (57014), lock not available (55P03), shutdown and resource classes: the database's state, not the statement.
  package var isTransient: Bool {
    isSerializationFailure || sqlState == "55P03" || sqlState == "25006" || sqlState.hasPrefix("57")
      || sqlState.hasPrefix("53") || sqlState.hasPrefix("08")
  }

  package var description: String {
    var text = "\(severity) \(sqlState): \(message)"
    if let constraint { text += " (constraint \(constraint))" }
    if let statement { text += " in \(statement)" }
    return text
  }
}

/// A column that was not what the program expected.
package struct DecodingFault: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Reason: Sendable, Equatable {
    case noSuchColumn
    case noSuchRow
    case null
    /// The column's type, by object identifier.
    case type(UInt32)
    case malformed
  }

  /// Zero-based.
  package let column: Int
  package let columnName: String
  package let wanted: String
  package let reason: Reason

  package init(column: Int, columnName: String, wanted: String, reason: Reason) {
    self.column = column
    self.columnName = columnName
    self.wanted = wanted
    self.reason = reason
  }

  package var description: String {
    switch reason {
    case .noSuchColumn: "no column \(column), wanted as \(wanted)"
    case .noSuchRow: "no such row, wanted as \(wanted)"
    case .null: "column \(column) (\(columnName)) is NULL, wanted as \(wanted)"
    case .type(let type): "column \(column) (\(columnName)) has type \(type), wanted as \(wanted)"
    case .malformed: "column \(column) (\(columnName)) is malformed, wanted as \(wanted)"
    }
  }
}
