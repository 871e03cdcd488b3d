import ArgumentParser
import Reactor
import Redis
import ShopStore

/// Tells the servers that run, through the Redis that they share, that the catalogue is another: what they keep of it is then old.
struct CatalogueNotice: Sendable {
  private let configuration: Redis.Configuration

  /// Of SHOP_REDIS_URL; nil without it. Ends the command where it is faulty: before anything is written.
  static func fromSettings() throws -> CatalogueNotice? {
    guard let url = Settings.variables["SHOP_REDIS_URL"], !url.isEmpty else { return nil }
    let authorityFile = Settings.variables["SHOP_REDIS_CA_FILE"].flatMap { $0.isEmpty ? nil : $0 }
    do {
      var configuration = try Redis.Configuration(url: url, authorityFile: authorityFile)
      // Nobody waits here whom 50 ms would matter to.
      configuration.commandDeadline = .seconds(5)
      return CatalogueNotice(configuration: configuration)
    } catch {
      Settings.complain("shop: SHOP_REDIS_URL: \(error)")
      throw ExitCode(78)
    }
  }

  /// Call it after COMMIT. Where Redis does not answer it says so, and the servers find out when what they keep runs out.
  func send(on loop: EventLoop) async {
    let connection = Redis.Connection(configuration, on: loop)
    let cache = ResponseCache(on: loop, redis: connection, coordination: CacheCoordination())
    let isTold = await cache.invalidate()
    await connection.close()
    guard !isTold else { return }
    Progress.clear()
    Settings.complain(
      "shop: warning: Redis did not answer: running servers may show the catalogue of before for \(Self.longestKept) s more")
  }

  /// What Redis holds runs out by then, and a loop's ten seconds on top.
  private static let longestKept = 34
}
