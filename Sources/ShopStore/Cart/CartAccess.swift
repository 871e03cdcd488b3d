import Crypto
import Shop

/// Which cart is meant, and the proof that it may be opened: the hash of its token, compared in the database's index.
package struct CartAccess: Sendable {
  package let cart: CartID
  package let tokenDigest: [UInt8]

  package init(cart: CartID, token: String) {
    self.cart = cart
    tokenDigest = SHA256.digest(token)
  }
}

/// Makes and names the tokens that open carts.
enum CartToken {
  /// `ct_` and 32 random bytes in base64url.
  static func fresh() -> String { "ct_" + Base64URL.encode(SecureRandom.bytes(32)) }
}
