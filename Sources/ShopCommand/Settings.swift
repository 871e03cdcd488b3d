import ArgumentParser
import Glibc
import Postgres
import ShopService

/// The settings of the environment, or an end with every fault of them.
enum Settings {
  static var variables: [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text)
      if let equals = pair.firstIndex(of: "=") { variables[String(pair[..<equals])] = String(pair[pair.index(after: equals)...]) }
      entry += 1
    }
    return variables
  }

  /// - Parameter role: what an option says, before SHOP_ROLE.
  static func load(role: Role? = nil) throws -> Configuration {
    var variables = variables
    if let role { variables["SHOP_ROLE"] = role.rawValue }
    do {
      let configuration = try Configuration(environment: variables)
      for warning in configuration.warnings { complain("shop: warning: \(warning)") }
      return configuration
    } catch {
      for warning in error.warnings { complain("shop: warning: \(warning)") }
      for line in error.lines { complain("shop: \(line)") }
      throw ExitCode(78)  // EX_CONFIG of sysexits.h
    }
  }

  /// Where SHOP_DATABASE_URL leads: all that a command needs that only works on the database.
  static func databaseTarget() throws -> ConnectionString {
    guard let url = variables["SHOP_DATABASE_URL"], !url.isEmpty else {
      complain("shop: SHOP_DATABASE_URL: needed: postgresql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…")
      throw ExitCode(78)
    }
    do {
      return try ConnectionString(url)
    } catch {
      complain("shop: SHOP_DATABASE_URL: \(error)")
      throw ExitCode(78)
    }
  }

  static func searchLanguage() throws -> String {
    do {
      return try Configuration.searchLanguage(variables)
    } catch {
      for line in error.lines { complain("shop: \(line)") }
      throw ExitCode(78)
    }
  }

  /// The other database of a shop in parts, and its URL as it is.
  static func publisher() throws -> (target: ConnectionString, address: String) {
    guard let url = variables["SHOP_PUBLISHER_URL"], !url.isEmpty else {
      complain("shop: SHOP_PUBLISHER_URL: needed: postgresql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…")
      throw ExitCode(78)
    }
    do {
      return (try ConnectionString(url), url)
    } catch {
      complain("shop: SHOP_PUBLISHER_URL: \(error)")
      throw ExitCode(78)
    }
  }

  /// One line on standard error.
  static func complain(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }
}
