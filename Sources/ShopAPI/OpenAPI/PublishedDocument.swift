import HTTP
import Shop
import Synchronization

/// `GET /openapi.json`: a document that is written once, and served by all loops.
package final class PublishedDocument: Sendable {
  private struct Text {
    let body: [UInt8]
    let tag: EntityTag
  }

  private let version: String
  private let text = Mutex<Text?>(nil)

  package init(version: String) { self.version = version }

  /// Writes the document of these routes, unless it is written already.
  package func describe(_ routes: [Route]) {
    text.withLock { text in
      guard text == nil else { return }
      let body = OpenAPIDocument(routes: routes, version: version).body()
      text = Text(body: body, tag: .ofBody(body))
    }
  }

  package var route: Route {
    Route(.get, "/openapi.json", .readDocument) { [self] context in
      guard let text = text.withLock({ $0 }) else { throw Refusal.notFound }
      var fields = HeaderFields()
      fields.append("ETag", text.tag.description)
      fields.append("Cache-Control", "public, max-age=300")
      if context.request.alreadyHas(text.tag) { return Response(304, fields: fields) }
      var response = Response(200, contentType: "application/json", text.body)
      response.fields.append(contentsOf: fields)
      return response
    }
  }
}

extension RouteDocumentation {
  private static let kept: [Header] = [.entityTag, .cacheControl]

  fileprivate static let readDocument = RouteDocumentation(
    "readDocument", .operation, "Shows this document",
    answers: [
      Answer(200, "An OpenAPI document.", .anyObject, kept), Answer(304, "What the client has still holds.", nil, kept),
    ])
}
