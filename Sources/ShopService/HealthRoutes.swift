import HTTP
import JSON
import ShopAPI

/// `/health…` (docs/architecture.md, "Running").
struct HealthRoutes {
  let readiness: Readiness
  /// What a shared dependency says of itself: shown, never decisive.
  let degraded: @Sendable () -> [String]
  /// Asks this region's database, at most once in a while.
  let deep: @Sendable () async -> Bool

  var routes: [Route] {
    [
      Route(.get, "/health/live", .checkLife) { _ in Self.alive },
      Route(.get, "/health", .checkHealth) { _ in ready() },
      Route(.get, "/health/ready", .checkReadiness) { _ in ready() },
      Route(.get, "/health/deep", .checkDatabase, .origin) { _ in await answer(deep() ? "ok" : "failing", 200) },
    ]
  }

  /// Nothing is asked: that this loop answers is the answer.
  private static let alive: Response = {
    var response = Response(200, contentType: "application/json", Array(#"{"status":"ok"}"#.utf8))
    response.fields.append("Cache-Control", "no-store")
    return response
  }()

  private func ready() -> Response {
    guard readiness.isReady else { return answer(readiness.isDraining ? "draining" : "starting", 503) }
    let degraded = degraded()
    return answer(degraded.isEmpty ? "ok" : "degraded", 200, degraded)
  }

  private func answer(_ status: String, _ code: Status, _ degraded: [String] = []) -> Response {
    var json = JSONWriter()
    json.beginObject()
    json.key("status")
    json.string(status)
    json.key("degraded")
    json.beginArray()
    for name in degraded { json.string(name) }
    json.endArray()
    json.endObject()
    var response = Response(status == "failing" ? 503 : code, contentType: "application/json", json.finish())
    response.fields.append("Cache-Control", "no-store")
    return response
  }
}
