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
  func links(_ request: Request) -> [UInt8] {
    var target = Array(request.head.rawPath)
    target.append(UInt8(ascii: "?"))
    for pair in (request.head.rawQuery ?? []).split(separator: UInt8(ascii: "&")) where !pair.starts(with: "after=".utf8) {
      target.append(contentsOf: pair)
      target.append(UInt8(ascii: "&"))
    }
    var links: [UInt8] = []
    for (cursor, relation) in [(next, "next"), (previous, "prev")] {
      guard let cursor else { continue }
      links.append(contentsOf: (links.isEmpty ? "<" : ", <").utf8)
      links.append(contentsOf: target)
      links.append(contentsOf: "after=\(cursor)>; rel=\"\(relation)\"".utf8)
    }
    return links
  }
}
