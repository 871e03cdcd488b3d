import CLibPQ

/// Where a database is and how to reach it, from a `postgres://` URL or a keyword string; what libpq accepts.
package struct ConnectionString: Sendable, CustomStringConvertible {
  package struct Host: Sendable, Equatable {
    /// A name, an address, or a directory of Unix sockets (starts with `/` or `@`).
    package let name: String
    /// Given as `hostaddr`: no name is looked up.
    package let address: String?
    package let port: UInt16

    package var isLocalSocket: Bool { name.hasPrefix("/") || name.hasPrefix("@") }
  }

  /// A text that libpq does not understand. It is not repeated: it may hold a password.
  package struct Malformed: Error, CustomStringConvertible {
    package let description: String
  }

  /// In the order in which they are tried; empty: libpq's default, the local Unix socket.
  package let hosts: [Host]
  /// All other parameters by libpq's keyword, `password` among them.
  let parameters: [String: String]

  package init(_ text: String) throws(Malformed) {
    var complaint: UnsafeMutablePointer<CChar>?
    guard !text.isEmpty, !text.utf8.contains(0), let list = PQconninfoParse(text, &complaint) else {
      PQfreemem(complaint)
      throw Malformed(description: "not a PostgreSQL connection URL (postgres://user:password@host:port/database)")
    }
    defer { PQconninfoFree(list) }
    var parameters: [String: String] = [:]
    var option = list
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { parameters[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    func split(_ keyword: String) -> [String] {
      guard let value = parameters.removeValue(forKey: keyword) else { return [] }
      return value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let names = split("host")
    let addresses = split("hostaddr")
    let ports = split("port")
    guard names.isEmpty || addresses.isEmpty || names.count == addresses.count else {
      throw Malformed(description: "host and hostaddr of the connection URL differ in number")
    }
    var hosts: [Host] = []
    for index in 0..<max(names.count, addresses.count) {
      let port = ports.isEmpty ? "5432" : ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : ""
      guard let port = UInt16(port.isEmpty ? "5432" : port), port > 0 else {
        throw Malformed(description: "the connection URL has a port that is not between 1 and 65535")
      }
      let name = index < names.count ? names[index] : ""
      let address = index < addresses.count && !addresses[index].isEmpty ? addresses[index] : nil
      hosts.append(Host(name: name, address: address, port: port))
    }
    if hosts.isEmpty, let port = ports.first { parameters["port"] = port }
    self.hosts = hosts
    self.parameters = parameters
  }

  private init(hosts: [Host], parameters: [String: String]) {
    self.hosts = hosts
    self.parameters = parameters
  }

  package var database: String? { parameters["dbname"] }
  package var user: String? { parameters["user"] }
  /// How far the server's certificate is checked, and the file of authorities that it is checked against.
  package var tlsMode: String? { parameters["sslmode"] }
  package var authorityFile: String? { parameters["sslrootcert"] }

  /// The libpq that runs: 150012 is 15.12.
  package static var libraryVersion: Int32 { PQlibVersion() }

  /// The same server, another database: for tests and `CREATE DATABASE`.
  package func with(database: String) -> ConnectionString {
    ConnectionString(hosts: hosts, parameters: parameters.merging(["dbname": database]) { $1 })
  }

  /// For logs: user, hosts, database and TLS mode; never a password or another parameter.
  package var description: String {
    var text = "postgres://"
    if let user { text += "\(user)@" }
    text += hosts.map { host in
      let name = host.name.isEmpty ? host.address ?? "" : host.name
      return "\(name.contains(":") ? "[\(name)]" : name):\(host.port)"
    }.joined(separator: ",")
    text += "/\(database ?? "")"
    if let mode = parameters["sslmode"] { text += "?sslmode=\(mode)" }
    return text
  }
}
