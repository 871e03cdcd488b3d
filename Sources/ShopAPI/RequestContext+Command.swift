import Crypto
import Shop
import ShopStore

extension RequestContext {
  /// When the request's command is given, and by when it must be done.
  var moment: Moment { Moment(now: now, deadline: deadline) }

  /// SHA-256 of the cart token that the request brings; nil for an admin, who needs none.
  var cartTokenDigest: [UInt8]? {
    guard case .cart(let token) = principal else { return nil }
    return SHA256.digest(token)
  }

  /// The path's cart with the caller's token; whether they belong together is for the database to say.
  func cartAccess() throws(Refusal) -> CartAccess {
    guard case .cart(let token) = principal else { throw .unauthenticated }
    return CartAccess(cart: try identifier(), token: token)
  }
}
