import HTTP
import JSON
import Shop
import ShopStore

/// Stock, for holders of the admin key.
package struct StockRoutes: Sendable {
  private let store: StockStore
  private let cursors: CursorSigner

  package init(store: StockStore, cursors: CursorSigner) {
    self.store = store
    self.cursors = cursors
  }

  package var routes: [Route] {
    [
      Route(.post, "/v1/admin/stock-adjustments", .adjustStock, .admin) { try await adjust($0) },
      Route(.get, "/v1/admin/stock-levels", .listStockLevels, .admin) { try await levels($0) },
    ]
  }

  // MARK: Adjustments

  private func adjust(_ context: RequestContext) async throws -> Response {
    let keyed = try context.keyedAsRequired()
    let adjustment = try Self.adjustment(context)
    return Response(
      try await store.adjust(adjustment, keyed: keyed, context.moment) { KeptAnswer(status: 201, body: Self.body($0)) })
  }

  /// Faults of the form and of the rules are told together.
  private static func adjustment(_ context: RequestContext) throws -> StockAdjustment {
    var fields = try Fields(context.request)
    let draft = StockAdjustment.Draft(
      variant: fields.string("variant_id"), location: fields.string("location_id"), delta: fields.integer("delta"),
      set: fields.integer("set"), expected: fields.integer("expected"), reason: fields.string("reason"),
      reference: fields.string("reference"))
    let adjustment = try fields.check { () throws(Refusal) in try draft.checked() }
    return try fields.finish(adjustment)
  }

  private static func body(_ adjusted: StockStore.Adjusted) -> [UInt8] {
    var json = JSONWriter(capacity: 320)
    json.beginObject()
    json.key("id")
    json.identifier(adjusted.id)
    json.key("variant_id")
    json.identifier(adjusted.level.variant)
    json.key("location_id")
    json.identifier(adjusted.level.location)
    json.key("delta")
    json.integer(adjusted.delta)
    json.key("on_hand")
    json.integer(adjusted.level.onHand)
    json.key("reserved")
    json.integer(adjusted.level.reserved)
    json.key("available")
    json.integer(adjusted.level.available)
    json.key("reason")
    json.string(adjusted.reason)
    json.key("created_at")
    json.timestamp(adjusted.createdAt)
    json.endObject()
    return json.finish()
  }

  // MARK: Levels

  private func levels(_ context: RequestContext) async throws -> Response {
    var query = try QueryParameters(context.request)
    let variant = try query.identifier("variant_id", VariantKind.self)
    let limit = try query.limit()
    let after = query.string("after")
    try query.finish()
    let scope = CursorSigner.Scope("/v1/admin/stock-levels", [variant.map { "\($0)" } ?? ""])
    var start: (VariantID, LocationID)?
    if let after {
      let cursor = try cursors.read(after, for: scope)
      guard case .text(let text) = cursor.keys.first, let from = VariantID(text) else {
        throw Refusal.malformed(.invalidCursor, detail: "This cursor is not of this listing.")
      }
      start = (from, LocationID(cursor.id))
    }
    let found = try await store.levels(of: variant, after: start, limit: limit, deadline: context.deadline)
    let next =
      found.hasNext
      ? found.levels.last.map { cursors.sign(Cursor(keys: [.text("\($0.variant)")], id: $0.location.uuid), for: scope) } : nil
    let page = Page(next: next, previous: nil)
    var response = Response(
      200, contentType: "application/json", page.body(found.levels, capacity: 256 * found.levels.count + 128, Self.write))
    response.fields.append("Cache-Control", "no-store")
    let links = page.links(context.request)
    if !links.isEmpty { response.fields.append("Link", links) }
    return response
  }

  private static func write(_ json: inout JSONWriter, _ level: StockLevel) {
    json.beginObject()
    json.key("variant_id")
    json.identifier(level.variant)
    json.key("location_id")
    json.identifier(level.location)
    json.key("on_hand")
    json.integer(level.onHand)
    json.key("reserved")
    json.integer(level.reserved)
    json.key("available")
    json.integer(level.available)
    json.key("backorder_limit")
    json.integer(level.backorderLimit)
    json.key("version")
    json.integer(level.version)
    json.endObject()
  }
}
