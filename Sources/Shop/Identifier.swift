/// What an identifier names; gives the prefix that its text starts with.
package protocol IdentifierKind: Sendable {
  /// With the underscore: `prod_`.
  static var prefix: String { get }
}

/// The id of one thing: a UUID that cannot be mistaken for the id of another kind.
///
/// Text form: prefix + 26 characters of Crockford's base 32 (`UUIDv7.appendBase32`), the only form that is read.
package struct Identifier<Kind: IdentifierKind>: Hashable, Sendable {
  package let uuid: UUIDv7

  package init(_ uuid: UUIDv7) {
    self.uuid = uuid
  }

  /// Refuses (nil) another prefix and every form but the canonical one.
  package init?(_ text: some StringProtocol) {
    self.init(utf8: Array(text.utf8))
  }

  /// As `init(_:)`, from bytes that came over a wire.
  package init?(utf8 bytes: some Collection<UInt8>) {
    let prefix = Kind.prefix.utf8
    guard bytes.count == prefix.count + UUIDv7.base32Length, bytes.starts(with: prefix),
      let uuid = UUIDv7(base32: bytes.dropFirst(prefix.count))
    else { return nil }
    self.init(uuid)
  }

  /// Appends the text form, for writers of bytes.
  package func append(to bytes: inout [UInt8]) {
    bytes.append(contentsOf: Kind.prefix.utf8)
    uuid.appendBase32(to: &bytes)
  }
}

extension Identifier: Comparable {
  package static func < (left: Self, right: Self) -> Bool { left.uuid < right.uuid }
}

extension Identifier: CustomStringConvertible {
  package var description: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Kind.prefix.utf8.count + UUIDv7.base32Length)
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

package enum ProductKind: IdentifierKind { package static var prefix: String { "prod_" } }
package enum VariantKind: IdentifierKind { package static var prefix: String { "var_" } }
package enum CategoryKind: IdentifierKind { package static var prefix: String { "cat_" } }
package enum MediaKind: IdentifierKind { package static var prefix: String { "media_" } }
package enum CartKind: IdentifierKind { package static var prefix: String { "cart_" } }
package enum LineKind: IdentifierKind { package static var prefix: String { "line_" } }
package enum HoldKind: IdentifierKind { package static var prefix: String { "hold_" } }
package enum OrderKind: IdentifierKind { package static var prefix: String { "ord_" } }
package enum PaymentKind: IdentifierKind { package static var prefix: String { "pay_" } }
package enum OperationKind: IdentifierKind { package static var prefix: String { "op_" } }
package enum LocationKind: IdentifierKind { package static var prefix: String { "loc_" } }
package enum AdjustmentKind: IdentifierKind { package static var prefix: String { "adj_" } }
package enum CustomerKind: IdentifierKind { package static var prefix: String { "cus_" } }
package enum DiscountIDKind: IdentifierKind { package static var prefix: String { "disc_" } }
package enum RequestKind: IdentifierKind { package static var prefix: String { "req_" } }
package enum EventKind: IdentifierKind { package static var prefix: String { "evt_" } }

package typealias ProductID = Identifier<ProductKind>
package typealias VariantID = Identifier<VariantKind>
package typealias CategoryID = Identifier<CategoryKind>
package typealias MediaID = Identifier<MediaKind>
package typealias CartID = Identifier<CartKind>
/// A line of a cart, and of the order that the cart becomes: the id stays.
package typealias LineID = Identifier<LineKind>
package typealias HoldID = Identifier<HoldKind>
package typealias OrderID = Identifier<OrderKind>
package typealias PaymentID = Identifier<PaymentKind>
/// A payment operation; its text is the idempotency key that the provider gets.
package typealias OperationID = Identifier<OperationKind>
package typealias LocationID = Identifier<LocationKind>
package typealias AdjustmentID = Identifier<AdjustmentKind>
package typealias CustomerID = Identifier<CustomerKind>
package typealias DiscountID = Identifier<DiscountIDKind>
package typealias RequestID = Identifier<RequestKind>
package typealias EventID = Identifier<EventKind>
