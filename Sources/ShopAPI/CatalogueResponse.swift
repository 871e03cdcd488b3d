import HTTP
import ShopStore

/// Answers of the public catalogue, which clients and CDNs may keep.
struct CatalogueResponse {
  /// Grows when the same data is written differently: kept answers of an older program are then not taken for the new ones.
  static let viewVersion = 1

  private let source: CatalogueSource
  private let cache: ResponseCache

  init(source: CatalogueSource, cache: ResponseCache) {
    self.source = source
    self.cache = cache
  }

  /// The answer kept for this request's target, or the one that `build` makes; 304 where the client's tag still holds
  /// (RFC 9110, section 13.1.2). Check the request first: what is refused is not kept.
  func answer(
    _ context: RequestContext, build: @Sendable (CatalogueStore, Deadline) async throws -> CachedResponse
  ) async throws -> Response {
    let request = context.request
    let kept = try await cache.answer(Self.name(of: request)) {
      try await context.admitted { try await source.response(deadline: context.deadline, build) }
    }
    var fields = HeaderFields()
    fields.append("ETag", kept.response.tag)
    if kept.isStale {
      // The database cannot be reached: better an answer of a minute ago than none, but nobody else should keep it (RFC 9211).
      fields.append("Cache-Control", "no-store")
      fields.append("Cache-Status", "shop; hit; detail=stale")
    } else {
      fields.append("Cache-Control", "public, max-age=5, s-maxage=60")
    }
    if !kept.response.annex.isEmpty { fields.append("Link", kept.response.annex) }
    if request.alreadyHas(Self.tag(kept.response.tag)) { return Response(304, fields: fields) }
    var response = Response(200, contentType: "application/json", kept.response.body)
    response.fields.append(contentsOf: fields)
    return response
  }

  private static func name(of request: Request) -> String {
    guard let query = request.head.rawQuery else { return "\(viewVersion):\(request.path)" }
    return "\(viewVersion):\(request.path)?\(String(decoding: query, as: UTF8.self))"
  }

  /// Tags here are all strong: the text between the quotes.
  private static func tag(_ text: String) -> EntityTag { EntityTag(String(text.dropFirst().dropLast())) }
}
