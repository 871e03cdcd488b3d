import HTTP
import JSON

/// A page of a list on the wire: `data`, `page` with its cursors, perhaps `count`, and a Link field (RFC 8288).
struct Page {
  let next: String?
  let previous: String?
  var count: Int64?

  /// Writes the page around elements that `writeElement` writes.
  func body<Element, E: Error>(
    _ elements: [Element], capacity: Int = 1_024, _ writeElement: (inout JSONWriter, Element) throws(E) -> Void
  ) throws(E) -> [UInt8] {
    var json = JSONWriter(capacity: capacity)
    json.beginObject()
    json.key("data")
    json.beginArray()
    for element in elements { try writeElement(&json, element) }
    json.endArray()
    json.key("page")
    json.beginObject()
    json.key("next")
    json.string(orNull: next)
    json.key("prev")
    json.string(orNull: previous)
    json.endObject()
    if let count {
      json.key("count")
      json.integer(count)
    }
    json.endObject()
    return json.finish()
  }

  /// The value of a Link field: the same path and query with `after` in place of what it was; empty where there is no other page.
  func links(_ request: Request) -> String {
    [(next, "next"), (previous, "prev")].compactMap { cursor, relation in
      cursor.map { "<\(Self.target(request, after: $0))>; rel=\"\(relation)\"" }
    }.joined(separator: ", ")
  }

  private static func target(_ request: Request, after cursor: String) -> String {
    let query = String(decoding: request.head.rawQuery ?? [], as: UTF8.self)
    let rest = query.split(separator: "&").filter { !$0.hasPrefix("after=") }
    return request.path + "?" + (rest + ["after=\(cursor)"]).joined(separator: "&")
  }
}
