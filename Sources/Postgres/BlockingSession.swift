import CLibPQ
import Glibc

/// A plain, blocking session for commands that have the process to themselves, such as migrations. Never on a loop.
package struct BlockingSession: ~Copyable {
  private let pointer: OpaquePointer
  private let notices: NoticeBox

  package init(
    _ target: ConnectionString, applicationName: String, onNotice: @escaping @Sendable (String) -> Void
  ) throws(PostgresError) {
    var keywords = target.parameters
    if !target.hosts.isEmpty {
      keywords["host"] = target.hosts.map(\.name).joined(separator: ",")
      keywords["port"] = target.hosts.map { "\($0.port)" }.joined(separator: ",")
      if target.hosts.contains(where: { $0.address != nil }) {
        keywords["hostaddr"] = target.hosts.map { $0.address ?? "" }.joined(separator: ",")
      }
    }
    keywords["application_name"] = applicationName
    keywords["client_encoding"] = "UTF8"
    keywords["connect_timeout"] = keywords["connect_timeout"] ?? "10"
    guard let pointer = Keywords.withCStrings(keywords, { PQconnectdbParams($0, $1, 0) }) else {
      throw .unavailable("out of memory")
    }
    guard PQstatus(pointer) == CONNECTION_OK else {
      let complaint = SessionHandle.complaint(pointer)
      PQfinish(pointer)
      throw .unavailable(complaint)
    }
    self.pointer = pointer
    notices = NoticeBox(onNotice)
    notices.receive(from: pointer)
  }

  deinit { PQfinish(pointer) }

  /// Runs any number of statements by the simple protocol; they are one transaction unless they say otherwise.
  package func execute(_ sql: String) throws(PostgresError) { _ = try checked(PQexec(pointer, sql)) }

  /// One statement with text values; results in binary.
  @discardableResult
  func query(_ sql: String, _ parameters: [Parameter] = []) throws(PostgresError) -> Rows {
    let buffer = ParameterBuffer()
    buffer.encode(parameters)
    return try checked(
      PQexecParams(
        pointer, sql, Int32(clamping: parameters.count), nil, buffer.pointers, buffer.lengths, buffer.formats, 1))
  }

  var isInTransaction: Bool { PQtransactionStatus(pointer) == PQTRANS_INTRANS }

  private func checked(_ result: OpaquePointer?) throws(PostgresError) -> Rows {
    guard let result else { throw .unavailable(SessionHandle.complaint(pointer)) }
    switch PQresultStatus(result) {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: return Rows(owning: result)
    default:
      let error = ServerError(result, statement: nil)
      PQclear(result)
      if PQstatus(pointer) == CONNECTION_BAD { throw .connectionLost(sent: true) }
      throw .server(error)
    }
  }
}
