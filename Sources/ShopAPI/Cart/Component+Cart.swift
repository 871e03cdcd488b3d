import Shop

extension Component {
  static let cart = Component("Cart") {
    .view([
      "id": .id(CartKind.self),
      "status": .choice(CartStatus.self),
      "currency": .currency,
      "country": .country.orNull,
      "email": .email.orNull,
      "customer_id": .id(CustomerKind.self).orNull,
      "shipping_address": .component(.address).orNull,
      "billing_address": .component(.address).orNull,
      "shipping_method": Schema.view([
        "id": .text(), "title": Schema.text().noted("Null where the method takes this cart no more.").orNull,
      ]).orNull,
      "discount_codes": Schema.list(.keptDiscountCode, 0...DiscountLimits.codesPerCart)
        .noted("In the order in which they apply."),
      "lines": .cartLines,
      "totals": .component(.totals),
      "problems": .cartProblems,
      "version": .version,
      "expires_at": .timestamp,
      "created_at": .timestamp,
      "updated_at": .timestamp,
    ])
  }

  static let newCart = Component("NewCart") {
    .component(.cart, with: ["token": .text(pattern: "^ct_[A-Za-z0-9_-]{43}$").noted("Opens the cart. Told this once.")])
  }

  static let cartLine = Component("CartLine") {
    .view([
      "id": .id(LineKind.self),
      "variant_id": .id(VariantKind.self),
      "product_id": .id(ProductKind.self).orNull,
      "sku": .sku.orNull,
      "title": .text(.title).orNull,
      "options": .options,
      "quantity": .quantity,
      "unit_price": .money,
      "subtotal": .money,
      "discount": .money,
      "tax": .money,
      "total": .money,
      "availability": .choice(Availability.self),
    ])
  }

  static let totals = Component("Totals") {
    Schema.view([
      "currency": .currency,
      "subtotal": .amount,
      "discount": .amount,
      "shipping": .amount,
      "tax": .amount,
      "tax_included": .amount.noted("Tax that is in the prices; `tax` comes on top."),
      "total": .amount,
    ]).noted("In minor units: total = subtotal - discount + shipping + tax.")
  }

  static let cartProblem = Component("CartProblem") {
    Schema.view([
      "code": .words(
        [
          Fault.Code.outOfStock, .notSellable, .notPriced, .discountUnknown, .discountNotStarted, .discountExpired,
          .discountExhausted, .discountSpent, .discountBelowMinimum, .discountOtherCurrency, .discountNotCombinable,
        ].map(\.rawValue)),
      "pointer": .text(pattern: "^/(lines|discount_codes)/[0-9]+$"),
      "available": Schema.count.noted("With `out_of_stock`.").orNull,
    ]).noted("What stands between the cart and its order, or keeps a discount code from counting.")
  }

  static let quote = Component("Quote") {
    .view([
      "totals": .component(.totals), "lines": .cartLines, "problems": .cartProblems, "valid_until": .timestamp,
    ])
  }

  static let shippingOption = Component("ShippingOption") {
    .view(["id": .text(), "title": .text(), "price": .money])
  }

  static let address = Component("Address") {
    .view([
      "name": .text(.personName),
      "line1": .text(.addressLine),
      "line2": .text(.addressLine).orNull,
      "city": .text(.city),
      "region": .text(.region).orNull,
      "postal_code": .text(.postalCode),
      "country": .country,
      "phone": .text(.phone).orNull,
    ])
  }
}

extension Schema {
  fileprivate static let cartLines = list(.component(.cartLine), 0...CartLimits.lines)
  fileprivate static let cartProblems = list(
    .component(.cartProblem), 0...CartLimits.lines + DiscountLimits.codesPerCart)
}
