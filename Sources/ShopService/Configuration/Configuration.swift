import Admission
import HTTPClient
import Postgres
import Reactor
import Redis

/// Every setting of the program, from the environment, checked as a whole at the start.
package struct Configuration: Sendable {
  package enum Environment: String, CaseIterable, Sendable { case development, test, production }
  package enum LogLevel: String, CaseIterable, Sendable { case trace, debug, info, notice, warning, error, critical }

  /// All faults of the settings at once, one line each.
  package struct Faults: Error, CustomStringConvertible {
    package let lines: [String]
    package let warnings: [String]
    package var description: String { lines.joined(separator: "\n") }
  }

  package struct Database: Sendable {
    package var url: String
    /// This region's reader, for catalogue reads and the region's health.
    package var readURL: String?
    /// How far behind it may be.
    package var readMaximumLag: Duration
    /// Pipelined connections for reads bounded by a key, a loop.
    package var pointConnections: Int
    /// Exclusive connections for transactions and searches, a loop.
    package var workConnections: Int
    package var poolWait: Duration
  }

  package struct Redis: Sendable {
    package var url: String
    package var commandDeadline: Duration
    package var authorityFile: String?
  }

  package struct TLS: Sendable {
    package var certificateFile: String
    package var keyFile: String
  }

  package struct Server: Sendable {
    package var host: String
    package var port: UInt16
    package var tls: TLS?
    package var limits: ServerLimits
    /// How long a SIGTERM leaves the door open, since load balancers take a moment.
    package var drainGrace: Duration
    package var drainDeadline: Duration
  }

  package struct Traces: Sendable {
    /// Takes spans by OTLP over HTTP.
    package var collector: Origin
    /// Of the traces that begin here, from 0 to 1.
    package var ratio: Double
  }

  package struct Deadlines: Sendable {
    package var read: Duration
    package var write: Duration
    package var checkout: Duration
    /// The provider's part of the checkout's.
    package var provider: Duration
  }

  package var environment: Environment
  package var role: Role
  package var logLevel: LogLevel
  package var loops: Int
  package var server: Server
  package var database: Database
  /// Nil: the shop runs without its shared cache.
  package var redis: Redis?
  /// Nil: nothing is traced.
  package var traces: Traces?
  package var deadlines: Deadlines
  package var admission: AdmissionSettings
  /// None: admin routes answer 403.
  package var adminKeys: [String]
  /// Signs cursors and encrypts stored secrets; the first is in use, a second is still accepted.
  package var secretKeys: [String]
  /// Open /health/deep; none: it answers 403. The first is in use, a second is still or already accepted.
  package var originSecrets: [String]
  package var catalogueCache: Bool
  /// A text search configuration of PostgreSQL; `shop migrate` makes it the database's.
  package var searchLanguage: String
  package var testProviderURL: String?
  package var runsWorker: Bool
  package var cartLifetime: Duration
  package var idempotencyLifetime: Duration

  /// The settings as found, in order, for `shop check-config`.
  package let entries: [(name: String, shown: String, isDefault: Bool)]
  /// What is no fault but most likely a mistake.
  package let warnings: [String]

  /// Reads and checks everything; throws all that is wrong.
  package init(environment variables: [String: String]) throws(Faults) {
    var reader = SettingsReader(variables)
    let name = reader.choice("SHOP_ENV", default: Environment.development)
    environment = name
    role = reader.choice("SHOP_ROLE", default: Role.all)
    logLevel = reader.choice("SHOP_LOG_LEVEL", default: LogLevel.info)
    loops = reader.integer("SHOP_LOOPS", default: Processors.available(), in: 1...256)

    let certificate = reader.file("SHOP_TLS_CERTIFICATE_FILE")
    let key = reader.file("SHOP_TLS_KEY_FILE")
    if (certificate == nil) != (key == nil) {
      reader.fault(
        certificate == nil ? "SHOP_TLS_CERTIFICATE_FILE" : "SHOP_TLS_KEY_FILE", "needed too: TLS takes a certificate and its key")
    }
    var tls: TLS?
    if let certificate, let key { tls = TLS(certificateFile: certificate, keyFile: key) }
    server = Server(
      host: reader.host("SHOP_HOST", default: "127.0.0.1"),
      port: UInt16(clamping: reader.integer("SHOP_PORT", default: 8080, in: 0...65_535)),
      tls: tls,
      limits: ServerLimits(&reader),
      drainGrace: reader.milliseconds("SHOP_DRAIN_GRACE_MS", default: 5_000, in: 0...60_000),
      drainDeadline: reader.milliseconds("SHOP_DRAIN_DEADLINE_MS", default: 25_000, in: 100...600_000))

    admission = AdmissionSettings(&reader)

    let checkDatabaseURL = { DatabaseURLCheck(variables).fault(of: $0) }
    let databaseURL = reader.url("SHOP_DATABASE_URL", checkDatabaseURL)
    if databaseURL == nil {
      reader.fault("SHOP_DATABASE_URL", "needed: postgresql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…")
    }
    database = Database(
      url: databaseURL ?? "",
      readURL: reader.url("SHOP_DATABASE_READ_URL", checkDatabaseURL),
      // The beats by which it is measured come every two seconds.
      readMaximumLag: reader.milliseconds("SHOP_READ_MAX_LAG_MS", default: 5_000, in: 3_000...60_000),
      pointConnections: reader.integer("SHOP_DATABASE_POINT_CONNECTIONS", default: 1, in: 1...16),
      workConnections: reader.integer("SHOP_DATABASE_WORK_CONNECTIONS", default: 8, in: 1...64),
      poolWait: reader.milliseconds("SHOP_DATABASE_POOL_WAIT_MS", default: 250, in: 1...10_000))

    let redisURL = reader.url("SHOP_REDIS_URL") { url in
      do throws(Endpoint.InvalidURL) {
        _ = try Endpoint(url: url)
        return nil
      } catch {
        return error.description
      }
    }
    let commandDeadline = reader.milliseconds("SHOP_REDIS_COMMAND_DEADLINE_MS", default: 50, in: 1...10_000)
    let authorityFile = reader.file("SHOP_REDIS_CA_FILE")
    redis = redisURL.map { Redis(url: $0, commandDeadline: commandDeadline, authorityFile: authorityFile) }

    let collector = reader.url("SHOP_OTLP_ENDPOINT") { url in
      Origin(url).map { !$0.isSecure } == true ? nil : "is not http://HOST:PORT, of a collector beside the program"
    }
    let ratio = reader.ratio("SHOP_TRACE_SAMPLE", default: 0.01)
    traces = collector.flatMap { Origin($0) }.map { Traces(collector: $0, ratio: ratio) }

    deadlines = Deadlines(
      read: reader.milliseconds("SHOP_READ_DEADLINE_MS", default: 2_000, in: 10...60_000),
      write: reader.milliseconds("SHOP_WRITE_DEADLINE_MS", default: 5_000, in: 10...60_000),
      checkout: reader.milliseconds("SHOP_CHECKOUT_DEADLINE_MS", default: 10_000, in: 10...120_000),
      provider: reader.milliseconds("SHOP_PROVIDER_DEADLINE_MS", default: 7_000, in: 10...120_000))
    if deadlines.provider >= deadlines.checkout {
      reader.fault("SHOP_PROVIDER_DEADLINE_MS", "must be below SHOP_CHECKOUT_DEADLINE_MS, of which it is a part")
    }

    adminKeys = reader.secrets("SHOP_ADMIN_KEY", minimum: 32)
    secretKeys = reader.secrets("SHOP_SECRET_KEY", minimum: 32)
    if secretKeys.isEmpty { reader.fault("SHOP_SECRET_KEY", "needed: at least 32 random characters, two of them while rotating") }
    if secretKeys.count > 2 { reader.fault("SHOP_SECRET_KEY", "at most two: the one in use and the one before it") }
    originSecrets = reader.secrets("SHOP_ORIGIN_SECRET", minimum: 32)
    if originSecrets.count > 2 { reader.fault("SHOP_ORIGIN_SECRET", "at most two: the one in use and the one before it") }

    catalogueCache = reader.flag("SHOP_CATALOGUE_CACHE", default: true)
    searchLanguage = reader.searchLanguage()
    runsWorker = reader.flag("SHOP_WORKER", default: true)
    cartLifetime = .seconds(reader.integer("SHOP_CART_LIFETIME_S", default: 30 * 86_400, in: 60...31_536_000, unit: "seconds"))
    idempotencyLifetime = .seconds(
      reader.integer("SHOP_IDEMPOTENCY_TTL", default: 86_400, in: 86_400...604_800, unit: "seconds"))
    testProviderURL = reader.url("SHOP_TEST_PROVIDER_URL") { url in
      // The test provider speaks no TLS.
      Origin(url).map { !$0.isSecure } == true ? nil : "is not http://HOST:PORT"
    }
    if testProviderURL != nil && name == .production {
      reader.fault("SHOP_TEST_PROVIDER_URL", "the test provider is not for SHOP_ENV=production")
    }

    // Of other commands, so that they are no surprise here.
    _ = reader.text("SHOP_MIGRATIONS", default: "Migrations")
    _ = reader.url("SHOP_PUBLISHER_URL", checkDatabaseURL)

    entries = reader.entries.map { ($0.name, $0.shown, $0.isDefault) }
    warnings = reader.unknownNames.map { "\($0) is no setting of this program" }
    if !reader.faults.isEmpty { throw Faults(lines: reader.faults, warnings: warnings) }
  }
}

extension Configuration {
  /// SHOP_SEARCH_LANGUAGE alone, for the command that needs no other setting than the database's.
  package static func searchLanguage(_ variables: [String: String]) throws(Faults) -> String {
    var reader = SettingsReader(variables)
    let language = reader.searchLanguage()
    guard reader.faults.isEmpty else { throw Faults(lines: reader.faults, warnings: []) }
    return language
  }
}

/// The URL without its password; what does not have the form of a URL may be anything, and is not shown at all.
func redactedURL(_ url: String) -> String {
  guard let scheme = url.firstRange(of: "://"), !url.contains("password=") else { return "(hidden)" }
  let rest = url[scheme.upperBound...]
  guard let at = rest.lastIndex(of: "@") else { return url }
  guard rest[..<at].allSatisfy({ $0 != "/" && $0 != "?" && $0 != "#" }) else { return "(hidden)" }
  guard let colon = rest[..<at].firstIndex(of: ":") else { return url }
  return url[..<colon] + ":***" + url[at...]
}
