extension DatabaseOptions {
  /// libpq's keywords and values for one session of `lane`, without host, address and port.
  func session(_ lane: DatabaseEvent.Lane) -> [String: String] {
    let statementTimeout = lane == .point ? pointStatementTimeout : workStatementTimeout
    var settings = [
      "statement_timeout=\(statementTimeout.milliseconds)",
      "lock_timeout=\(lockTimeout.milliseconds)",
      "idle_in_transaction_session_timeout=\(idleInTransactionTimeout.milliseconds)",
      "default_transaction_isolation=read\\ committed",
      "TimeZone=UTC",
      // Compiling a plan takes longer than any statement of a shop runs.
      "jit=off",
    ].map { "-c \($0)" }.joined(separator: " ")
    // What the URL asks for comes last, and so prevails.
    if let own = target.parameters["options"] { settings += " " + own }

    var parameters = [
      "application_name": applicationName,
      "tcp_user_timeout": "\(tcpUserTimeout.milliseconds)",
      "keepalives": "1", "keepalives_idle": "10", "keepalives_interval": "3", "keepalives_count": "3",
      // Asking a Kerberos library at each connect costs milliseconds.
      "gssencmode": "disable",
    ]
    if takesWrites { parameters["target_session_attrs"] = "read-write" }
    parameters.merge(target.parameters) { $1 }
    parameters["options"] = settings
    parameters["client_encoding"] = "UTF8"
    // libpq heeds it only in its blocking calls; the loop's timer bounds ours.
    parameters["connect_timeout"] = nil
    return parameters
  }
}
