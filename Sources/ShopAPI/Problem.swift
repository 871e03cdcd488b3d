import HTTP
import JSON
import Shop

/// What every error looks like on the wire: a problem document (RFC 9457) with members of the shop's own.
package struct Problem: Sendable, Equatable {
  /// What a problem's `type` starts with; the code follows.
  package static let typeBase = "https://shop.example/problems/"

  package static let contentType: StaticString = "application/problem+json"

  /// One place that is wrong.
  package struct Entry: Sendable, Equatable {
    /// A JSON pointer (RFC 6901); empty for the whole.
    package let pointer: String
    package let code: String
    package let detail: String

    package init(_ pointer: String, _ code: String, _ detail: String) {
      self.pointer = pointer
      self.code = code
      self.detail = detail
    }
  }

  package let status: Status
  /// Stable: what programs rely on.
  package let code: String
  /// For people; nothing secret or internal.
  package let detail: String
  package var errors: [Entry] = []
  /// With `out_of_stock`: what of each line there is.
  package var available: [Refusal.Shortage]?
  /// With `price_changed`: the total that would be charged now.
  package var currentTotal: Money?
  /// With `cart_closed`: the order that the cart became.
  package var order: OrderID?
  /// In seconds, for the Retry-After field (RFC 9110 section 10.2.3).
  package var retryAfter: Int?
  /// Fields that belong to the status: Allow, WWW-Authenticate, Accept-Patch.
  package var fields = HeaderFields()

  package init(_ status: Status, _ code: String, _ detail: String) {
    self.status = status
    self.code = code
    self.detail = detail
  }

  /// The code as a person would write it: `sku_taken` is "SKU taken".
  package var title: String {
    let words = code.split(separator: "_").enumerated().map { index, word in
      switch word {
      case "json", "sku", "uri", "utf8": word.uppercased()
      default: index == 0 ? word.prefix(1).uppercased() + word.dropFirst() : String(word)
      }
    }
    return words.joined(separator: " ")
  }

  /// The whole answer. `instance` is the path of the request, nil where the bytes were no request.
  package func response(instance: String?, requestID: String) -> Response {
    var writer = JSONWriter(capacity: 512)
    write(to: &writer, instance: instance, requestID: requestID)
    var response = Response(status, contentType: Self.contentType, writer.finish())
    response.fields.append("Cache-Control", "no-store")
    if let retryAfter { response.fields.append("Retry-After", String(retryAfter)) }
    response.fields.append(contentsOf: fields)
    return response
  }

  private func write(to writer: inout JSONWriter, instance: String?, requestID: String) {
    writer.beginObject()
    writer.key("type")
    writer.string(Self.typeBase + code)
    writer.key("title")
    writer.string(title)
    writer.key("status")
    writer.integer(status.code)
    writer.key("detail")
    writer.string(detail)
    writer.key("instance")
    writer.string(orNull: instance)
    writer.key("code")
    writer.string(code)
    writer.key("request_id")
    writer.string(requestID)
    writer.key("errors")
    writer.array(errors) { writer, entry in
      writer.beginObject()
      writer.key("pointer")
      writer.string(entry.pointer)
      writer.key("code")
      writer.string(entry.code)
      writer.key("detail")
      writer.string(entry.detail)
      writer.endObject()
    }
    writeExtensions(to: &writer)
    writer.endObject()
  }

  private func writeExtensions(to writer: inout JSONWriter) {
    if let available {
      writer.key("available")
      writer.array(available) { writer, shortage in
        writer.beginObject()
        writer.key("variant_id")
        writer.identifier(shortage.variant)
        writer.key("requested")
        writer.integer(shortage.requested)
        writer.key("available")
        writer.integer(max(shortage.available, 0))
        writer.endObject()
      }
    }
    if let currentTotal {
      writer.key("current_total")
      writer.money(currentTotal)
    }
    if let order {
      writer.key("order_id")
      writer.identifier(order)
    }
  }
}
