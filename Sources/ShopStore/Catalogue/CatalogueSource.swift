import Postgres
import Reactor

/// Where the catalogue's answers are built from: this region's reader while that is recent enough, else the writer.
///
/// The reader must be younger than its limit, and show what was changed last: else a rebuild after an admin's write would keep an
/// older answer under the new generation. While the writer cannot be reached, a reader that shows the last minute answers, marked.
package struct CatalogueSource: Sendable {
  private let writer: CatalogueStore
  private let reader: (store: CatalogueStore, lag: ReaderLag)?
  private let coordination: CacheCoordination
  private let metrics = StoreMetrics.CatalogueReads()

  package init(writer: CatalogueStore, reader: (store: CatalogueStore, lag: ReaderLag)? = nil, coordination: CacheCoordination) {
    self.writer = writer
    self.reader = reader
    self.coordination = coordination
  }

  /// What `build` makes of the store that it is given, by the deadline that it is given.
  package func response(
    deadline: Deadline, _ build: @Sendable (CatalogueStore, Deadline) async throws -> CachedResponse
  ) async throws -> CachedResponse {
    guard let reader else {
      let response = try await build(writer, deadline)
      metrics.writer.increment()
      return response
    }
    if reader.lag.isFit(after: coordination.changedAt) {
      do {
        let response = try await build(reader.store, Self.half(deadline))
        metrics.reader.increment()
        return response
      } catch let error as PostgresError {
        // A reader that ends a query because replay would change its rows is there all the same.
        if case .server = error {} else { reader.lag.lost() }
      }
    }
    do {
      let response = try await build(writer, reader.lag.isFitAsLastResort ? Self.half(deadline) : deadline)
      metrics.writer.increment()
      return response
    } catch let error as PostgresError where error.isTransient && reader.lag.isFitAsLastResort {
      var response = try await build(reader.store, deadline)
      metrics.lastResort.increment()
      response.isLate = true
      return response
    }
  }

  /// What is asked first leaves time to ask another.
  private static func half(_ deadline: Deadline) -> Deadline { deadline.earlier(by: deadline.remaining() / 2) }
}
