import JSON
import Shop

extension Component {
  /// What can be wrong with a member, and with JSON.
  private static let codes = Fault.Code.allCases.map(\.rawValue) + JSONError.Code.allCases.map(\.rawValue)

  static let problem = Component("Problem") {
    .view(
      [
        "type": .text(pattern: "^https://", format: "uri").noted("Ends with the code."),
        "title": .text(),
        "status": .integer(400...599),
        "detail": .text().noted("For people."),
        "instance": .text().noted("The path of the request.").orNull,
        "code": .text(pattern: "^[a-z0-9_]+$").noted("Stable: what programs rely on."),
        "request_id": .id(RequestKind.self),
        "errors": .list(
          .view(["pointer": .text().noted("A JSON pointer into the body."), "code": .words(codes), "detail": .text()]),
          0...Fields.mostFaults),
      ],
      sometimes: [
        "available": .list(.view(["variant_id": .id(VariantKind.self), "requested": .quantity, "available": .count]))
          .noted("With `out_of_stock`: what there is of each line."),
        "current_total": .component(.money).noted("With `price_changed`: what would be charged now."),
        "order_id": .id(OrderKind.self).noted("With `cart_closed`: the order that the cart became."),
      ])
  }
}
