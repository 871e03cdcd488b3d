import JSON
import Shop

extension Component {
  static let order = Component("Order") {
    .view([
      "id": .id(OrderKind.self),
      "number": Schema.integer(1...JSONReader.largestInteger).noted("For people."),
      "cart_id": .id(CartKind.self),
      "customer_id": .id(CustomerKind.self).orNull,
      "status": .choice(OrderStatus.self),
      "payment_status": .choice(OrderPaymentStatus.self),
      "fulfilment_status": .choice(FulfilmentStatus.self),
      "currency": .currency,
      "email": .email,
      "lines": .list(.component(.orderLine), 1...CartLimits.lines),
      "totals": .component(.totals),
      "discount_codes": Schema.list(.keptDiscountCode, 0...DiscountLimits.codesPerCart).noted("That made it cheaper."),
      "shipping_address": .component(.address).orNull,
      "billing_address": .component(.address).orNull,
      "shipping_method": Schema.view(["id": .text(), "title": .text()]).orNull,
      "payments": .list(.component(.orderPayment)),
      "version": .version,
      "created_at": .timestamp,
    ])
  }

  static let orderLine = Component("OrderLine") {
    .view([
      "id": .id(LineKind.self),
      "variant_id": .id(VariantKind.self),
      "product_id": .id(ProductKind.self),
      "sku": .sku,
      "title": .text(.title),
      "options": .options,
      "quantity": .quantity,
      "unit_price": .money,
      "subtotal": .money,
      "discount": .money,
      "tax": .money,
      "tax_included": .money,
      "total": .money,
      "cancelled": .count,
      "fulfilled": .count,
      "returned": .count,
    ])
  }

  static let orderPayment = Component("OrderPayment") {
    .view([
      "id": .id(PaymentKind.self),
      "provider": .text(),
      "status": .choice(PaymentStatus.self),
      "authorized": .amount,
      "captured": .amount,
      "refunded": .amount,
    ])
  }

  static let payment = Component("Payment") {
    .view([
      "id": .id(PaymentKind.self),
      "cart_id": .id(CartKind.self),
      "order_id": .id(OrderKind.self).orNull,
      "provider": .text(),
      "status": .choice(PaymentStatus.self),
      "amount": .money,
      "authorized": .amount,
      "captured": .amount,
      "refunded": .amount,
      "next_action": .component(.nextAction).orNull,
      "created_at": .timestamp,
    ])
  }

  static let nextAction = Component("NextAction") {
    Schema.view(["type": .words(["redirect"]), "url": .text(format: "uri")])
      .noted("What the shopper must do before the provider decides.")
  }
}
