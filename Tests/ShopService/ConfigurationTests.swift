import Foundation
import Testing

@testable import ShopService

@Suite struct ConfigurationTests {
  private let needed = [
    "SHOP_DATABASE_URL": "postgresql://shop:hunter2@db.example:5432/shop?sslmode=require",
    "SHOP_SECRET_KEY": String(repeating: "k", count: 32),
  ]

  private func faults(_ variables: [String: String]) -> [String] {
    do throws(Configuration.Faults) {
      _ = try Configuration(environment: variables)
      return []
    } catch {
      return error.lines
    }
  }

  @Test func `two settings are enough, the rest have defaults`() throws {
    let configuration = try Configuration(environment: needed)
    #expect(configuration.server.host == "127.0.0.1")
    #expect(configuration.server.port == 8_080)
    #expect(configuration.server.limits.ofServer.keepAlive == .seconds(75))
    #expect(configuration.server.drainGrace == .seconds(5))
    #expect(configuration.server.drainDeadline == .seconds(25))
    #expect(configuration.loops >= 1)
    #expect(configuration.redis == nil)
    #expect(configuration.adminKeys.isEmpty)
    #expect(configuration.catalogueCache)
    #expect(configuration.searchLanguage == "english")
    #expect(configuration.warnings.isEmpty)
    #expect(configuration.entries.allSatisfy { needed[$0.name] != nil || $0.isDefault })
  }

  @Test func `every fault is told at once`() {
    let lines = faults([
      "SHOP_ENV": "staging", "SHOP_PORT": "65536", "SHOP_LOOPS": "0", "SHOP_KEEP_ALIVE_MS": "75s", "SHOP_SECRET_KEY": "short",
      "SHOP_ADMIN_KEY": "x", "SHOP_CATALOGUE_CACHE": "maybe", "SHOP_SEARCH_LANGUAGE": "Elvish (Sindarin)",
      "SHOP_TLS_KEY_FILE": "/nowhere/key.pem",
      "SHOP_CHECKOUT_DEADLINE_MS": "7000", "SHOP_DATABASE_URL": "mysql://x", "SHOP_REDIS_URL": "foo", "SHOP_HOST": "999.1.1.1",
      "SHOP_TEST_PROVIDER_URL": "ftp://x", "SHOP_ROLE": "some",
      "SHOP_OTLP_ENDPOINT": "https://collector:4318", "SHOP_TRACE_SAMPLE": "1.1",
    ])
    let names = [
      "SHOP_ENV", "SHOP_PORT", "SHOP_LOOPS", "SHOP_KEEP_ALIVE_MS", "SHOP_SECRET_KEY", "SHOP_ADMIN_KEY", "SHOP_CATALOGUE_CACHE",
      "SHOP_SEARCH_LANGUAGE",
      "SHOP_TLS_CERTIFICATE_FILE", "SHOP_TLS_KEY_FILE", "SHOP_PROVIDER_DEADLINE_MS", "SHOP_DATABASE_URL", "SHOP_REDIS_URL",
      "SHOP_HOST", "SHOP_TEST_PROVIDER_URL", "SHOP_ROLE", "SHOP_OTLP_ENDPOINT", "SHOP_TRACE_SAMPLE",
    ]
    for name in names { #expect(lines.contains { $0.hasPrefix("\(name): ") }, "\(name) in \(lines)") }
    #expect(lines.count == names.count)
  }

  @Test func `an empty variable is as good as none`() {
    #expect(faults(needed.merging(["SHOP_PORT": "", "SHOP_REDIS_URL": ""]) { $1 }) == [])
    #expect(faults(needed.merging(["SHOP_SECRET_KEY": ""]) { $1 }).map { $0.prefix(16) } == ["SHOP_SECRET_KEY:"])
  }

  @Test func `secrets and passwords are never shown`() throws {
    var variables = needed
    variables["SHOP_ADMIN_KEY"] = String(repeating: "a", count: 32) + "," + String(repeating: "b", count: 32)
    variables["SHOP_REDIS_URL"] = "rediss://default:sesame@cache.example:6379"
    let entries = try Configuration(environment: variables).entries
    func shown(_ name: String) -> String? { entries.first { $0.name == name }?.shown }
    #expect(shown("SHOP_ADMIN_KEY") == "(2 set, hidden)")
    #expect(shown("SHOP_SECRET_KEY") == "(1 set, hidden)")
    #expect(shown("SHOP_DATABASE_URL") == "postgresql://shop:***@db.example:5432/shop?sslmode=require")
    #expect(shown("SHOP_REDIS_URL") == "rediss://default:***@cache.example:6379")
    for entry in entries {
      for secret in ["hunter2", "sesame", "aaaa", "bbbb", "kkkk"] { #expect(!entry.shown.contains(secret)) }
    }
  }

  @Test(arguments: [
    ("postgres:///shop", "postgres:///shop"), ("postgres://shop@/shop", "postgres://shop@/shop"),
    ("postgres://u:p@ss@host/db", "postgres://u:***@host/db"), ("redis://:only@host", "redis://:***@host"),
    ("host=db password=hunter2", "(hidden)"), ("postgres://u:se/cret@h/x", "(hidden)"), ("foo secret", "(hidden)"),
    ("postgres://h/x?user=u&password=hunter2", "(hidden)"),
  ])
  func `a URL is shown without its password`(url: String, shown: String) { #expect(redactedURL(url) == shown) }

  @Test func `the origin secret may be two while rotating, not three`() throws {
    let secret = String(repeating: "o", count: 32)
    var variables = needed
    variables["SHOP_ORIGIN_SECRET"] = "\(secret),\(secret)"
    #expect(try Configuration(environment: variables).originSecrets == [secret, secret])
    variables["SHOP_ORIGIN_SECRET"] = "\(secret),\(secret),\(secret)"
    #expect(faults(variables).map { $0.prefix(19) } == ["SHOP_ORIGIN_SECRET:"])
  }

  @Test func `authorities that a database's URL names must be there`() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "shop-authorities-\(UUID().uuidString).pem")
    defer { try? FileManager.default.removeItem(at: file) }
    func faults(_ parameters: String, _ name: String = "SHOP_DATABASE_URL", _ others: [String: String] = [:]) -> [String] {
      self.faults(needed.merging([name: "postgresql://shop:hunter2@db.example/shop?\(parameters)"]) { $1 }.merging(others) { $1 })
    }
    let checked = "sslmode=verify-full&sslrootcert=\(file.path)"
    #expect(faults("sslmode=verify-full").first?.contains("needs sslrootcert=FILE") == true)
    #expect(faults("sslmode=require") == [])
    for name in ["SHOP_DATABASE_URL", "SHOP_DATABASE_READ_URL", "SHOP_PUBLISHER_URL"] {
      let fault = faults(checked, name).first ?? ""
      #expect(fault.hasPrefix("\(name): sslrootcert: cannot read \"\(file.path)\""), "\(fault)")
      #expect(!fault.contains("hunter2"))
    }
    #expect(faults("sslmode=require&sslrootcert=\(file.path)").count == 1)
    #expect(faults("sslmode=disable&sslrootcert=\(file.path)") == [])
    #expect(faults("sslmode=verify-full", "SHOP_DATABASE_URL", ["PGSSLROOTCERT": file.path]).count == 1)
    try Data("not found".utf8).write(to: file)
    #expect(faults(checked).first?.contains("holds no certificate in PEM") == true)
    try Data("-----BEGIN CERTIFICATE-----\n".utf8).write(to: file)
    #expect(faults(checked) == [])
    #expect(faults("sslmode=verify-full", "SHOP_DATABASE_URL", ["PGSSLROOTCERT": file.path]) == [])
  }

  @Test func `a reader's lag is bounded from three seconds to a minute`() throws {
    #expect(try Configuration(environment: needed).database.readMaximumLag == .seconds(5))
    #expect(faults(needed.merging(["SHOP_READ_MAX_LAG_MS": "2999"]) { $1 }).map { $0.prefix(21) } == ["SHOP_READ_MAX_LAG_MS:"])
    #expect(faults(needed.merging(["SHOP_READ_MAX_LAG_MS": "60000"]) { $1 }) == [])
  }

  @Test func `nothing is traced without a collector, a hundredth with one, and any part that is one`() throws {
    #expect(try Configuration(environment: needed.merging(["SHOP_TRACE_SAMPLE": "1"]) { $1 }).traces == nil)
    let collector = needed.merging(["SHOP_OTLP_ENDPOINT": "http://127.0.0.1:4318"]) { $1 }
    let traces = try #require(try Configuration(environment: collector).traces)
    #expect(traces.collector.description == "http://127.0.0.1:4318")
    #expect(traces.ratio == 0.01)
    for ratio in ["-0.1", "1.01", "nan", "inf", "1%", "a tenth"] {
      let lines = faults(collector.merging(["SHOP_TRACE_SAMPLE": ratio]) { $1 })
      #expect(lines == ["SHOP_TRACE_SAMPLE: \"\(ratio)\" is not a number from 0 to 1, such as 0.01"])
    }
    for ratio in ["0", "1", "0.5", "1e-3"] {
      let configuration = try Configuration(environment: collector.merging(["SHOP_TRACE_SAMPLE": ratio]) { $1 })
      #expect(configuration.traces?.ratio == Double(ratio))
    }
    for url in ["https://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces", "127.0.0.1:4318"] {
      #expect(faults(collector.merging(["SHOP_OTLP_ENDPOINT": url]) { $1 }).map { $0.prefix(18) } == ["SHOP_OTLP_ENDPOINT"])
    }
  }

  @Test func `the secret key may be two while rotating, not three`() throws {
    let key = String(repeating: "k", count: 32)
    var variables = needed
    variables["SHOP_SECRET_KEY"] = "\(key),\(key)"
    #expect(try Configuration(environment: variables).secretKeys.count == 2)
    variables["SHOP_SECRET_KEY"] = "\(key),\(key),\(key)"
    #expect(faults(variables) == ["SHOP_SECRET_KEY: at most two: the one in use and the one before it"])
  }

  @Test func `a misspelt name is warned of`() throws {
    let configuration = try Configuration(
      environment: needed.merging(["SHOP_PROT": "1", "SHOP_TEST_X": "1", "PATH": "/"]) { $1 })
    #expect(configuration.warnings == ["SHOP_PROT is no setting of this program"])
    do throws(Configuration.Faults) {
      _ = try Configuration(environment: ["SHOP_PROT": "1"])
      Issue.record("a shop without a database")
    } catch {
      #expect(error.warnings == configuration.warnings)
    }
  }

  @Test func `the test provider is asked over http, which is all it speaks`() {
    for url in ["https://127.0.0.1:9", "127.0.0.1:9", "http://127.0.0.1:9/path"] {
      let lines = faults(needed.merging(["SHOP_TEST_PROVIDER_URL": url]) { $1 })
      #expect(lines == ["SHOP_TEST_PROVIDER_URL: is not http://HOST:PORT"])
    }
    #expect(faults(needed.merging(["SHOP_TEST_PROVIDER_URL": "http://127.0.0.1:9"]) { $1 }) == [])
  }

  @Test func `the test provider is not for production`() {
    let lines = faults(needed.merging(["SHOP_ENV": "production", "SHOP_TEST_PROVIDER_URL": "http://127.0.0.1:9"]) { $1 })
    #expect(lines == ["SHOP_TEST_PROVIDER_URL: the test provider is not for SHOP_ENV=production"])
  }
}
