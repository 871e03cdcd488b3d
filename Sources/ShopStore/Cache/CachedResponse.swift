/// A ready-made answer: what a route would build from the database, kept as bytes.
package struct CachedResponse: Sendable, Equatable {
  package var body: [UInt8]
  /// The entity tag, as the route wrote it.
  package var tag: String
  /// Whatever else the route needs to answer: header fields, for one. Opaque here.
  package var annex: [UInt8]
  /// Its source may lack recent changes: given and marked, but kept for nobody else.
  package var isLate = false

  package init(body: [UInt8], tag: String, annex: [UInt8] = []) {
    self.body = body
    self.tag = tag
    self.annex = annex
  }

  var byteCount: Int { body.count + tag.utf8.count + annex.count }
}
