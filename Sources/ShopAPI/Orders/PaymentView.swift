import JSON
import Shop

/// A payment on the wire, alone and within the 202 of a checkout that is not decided yet.
enum PaymentView {
  static func body(_ payment: Payment) -> [UInt8] {
    var json = JSONWriter(capacity: 512)
    json.beginObject()
    json.key("id")
    json.identifier(payment.id)
    json.key("cart_id")
    json.identifier(payment.cart)
    json.key("order_id")
    json.identifier(orNull: payment.order)
    json.key("provider")
    json.string(payment.provider)
    json.key("status")
    json.string(payment.status.rawValue)
    json.key("amount")
    json.money(payment.amount)
    json.key("authorized")
    json.integer(payment.authorized)
    json.key("captured")
    json.integer(payment.captured)
    json.key("refunded")
    json.integer(payment.refunded)
    json.key("next_action")
    write(payment.nextAction, to: &json)
    json.key("created_at")
    json.timestamp(payment.createdAt)
    json.endObject()
    return json.finish()
  }

  /// What a checkout that waits answers.
  static func pending(_ payment: PaymentID, _ status: PaymentStatus, _ action: Payment.NextAction?) -> [UInt8] {
    var json = JSONWriter(capacity: 256)
    json.beginObject()
    json.key("status")
    json.string(action == nil ? "pending" : "requires_action")
    json.key("payment")
    json.beginObject()
    json.key("id")
    json.identifier(payment)
    json.key("status")
    json.string(status.rawValue)
    json.key("next_action")
    write(action, to: &json)
    json.endObject()
    json.endObject()
    return json.finish()
  }

  private static func write(_ action: Payment.NextAction?, to json: inout JSONWriter) {
    guard case .redirect(let url)? = action else { return json.null() }
    json.beginObject()
    json.key("type")
    json.string(plain: "redirect")
    json.key("url")
    json.string(url)
    json.endObject()
  }
}
