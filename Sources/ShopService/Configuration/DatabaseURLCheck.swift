import Glibc
import Postgres

/// What is wrong with the URL of a database, as far as can be told before it is used: its form, and the certificate authorities
/// that it names. A file that is not there would else show when nothing connects.
struct DatabaseURLCheck {
  private let variables: [String: String]

  init(_ variables: [String: String]) { self.variables = variables }

  /// Nil where nothing is wrong.
  func fault(of url: String) -> String? {
    do throws(ConnectionString.Malformed) {
      return authorityFault(try ConnectionString(url))
    } catch {
      return error.description
    }
  }

  private func authorityFault(_ target: ConnectionString) -> String? {
    let mode = target.tlsMode ?? "prefer"
    guard mode != "disable" else { return nil }
    let isChecked = mode == "verify-ca" || mode == "verify-full"
    guard let file = target.authorityFile ?? variables["PGSSLROOTCERT"] ?? homeFile() else {
      return isChecked
        ? "sslmode=\(mode) needs sslrootcert=FILE, the authorities that the server's certificate is checked against" : nil
    }
    if file == "system" {
      let major = ConnectionString.libraryVersion / 10_000
      return major < 16 ? "sslrootcert=system needs libpq 16, and this is \(major): name a file" : nil
    }
    guard isChecked || target.authorityFile != nil else { return nil }
    guard let beginning = Self.beginning(of: file) else {
      let reason = String(cString: strerror(errno))
      return "sslrootcert: cannot read \"\(file)\", the authorities of the server's certificate: \(reason)"
    }
    return beginning.contains("-----BEGIN CERTIFICATE-----") ? nil : "sslrootcert: \"\(file)\" holds no certificate in PEM"
  }

  /// Nil with errno set where it cannot be read.
  private static func beginning(of file: String) -> String? {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 16_384)
    let count = read(descriptor, &buffer, buffer.count)
    return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
  }

  /// Where libpq looks by itself.
  private func homeFile() -> String? {
    guard let home = variables["HOME"] else { return nil }
    let file = home + "/.postgresql/root.crt"
    return access(file, R_OK) == 0 ? file : nil
  }
}
