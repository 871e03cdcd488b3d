import HTTP

/// Answers of the public catalogue, which clients and CDNs may keep.
enum CatalogueResponse {
  /// Grows when the same data is written differently: cached answers of an older program are then not taken for the new ones.
  static let viewVersion = 1

  /// 200 with the body, or 304 where the client's tag still holds (RFC 9110, section 13.1.2).
  static func answer(_ request: Request, tag: EntityTag, body: () -> [UInt8]) throws -> Response {
    var fields = HeaderFields()
    fields.append("ETag", tag.description)
    fields.append("Cache-Control", "public, max-age=5, s-maxage=60")
    if let field = request.head.combinedField("if-none-match"), EntityTag.Condition(field)?.matchesWeakly(tag) ?? false {
      return Response(304, fields: fields)
    }
    var response = Response(200, contentType: "application/json", body())
    response.fields.append(contentsOf: fields)
    return response
  }
}
