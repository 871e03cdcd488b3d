import Crypto
import HTTP
import Shop

/// Finds out who asks, by the secrets that a request brings.
package struct Credentials: Sendable {
  private let adminKeys: [[UInt8]]
  private let originSecrets: [[UInt8]]

  /// - Parameter originSecrets: two while one is being replaced by the other.
  package init(adminKeys: [String], originSecrets: [String]) {
    self.adminKeys = adminKeys.map { Array($0.utf8) }
    self.originSecrets = originSecrets.map { Array($0.utf8) }
  }

  /// Throws `unauthenticated` for a credential that is wrong, whatever the route asks for: a client that sends one wants to know.
  func principal(of head: RequestHead) throws(Refusal) -> Principal {
    let bearer = try bearerToken(of: head)
    if let token = head.field("shop-cart-token") {
      guard Self.isCartToken(token) else { throw .unauthenticated }
      guard let bearer else { return .cart(token: token) }
      // Both: an admin acting on a shopper's cart is an admin; two cart tokens must agree.
      if Self.isCartToken(bearer) {
        guard bearer == token else { throw .unauthenticated }
        return .cart(token: token)
      }
      return try admin(bearer)
    }
    guard let bearer else { return .anonymous }
    return Self.isCartToken(bearer) ? .cart(token: bearer) : try admin(bearer)
  }

  func check(_ access: Route.Access, _ principal: Principal, _ request: Request) throws(Refusal) {
    switch (access, principal) {
    case (.anyone, _), (.cart, .cart), (.cartOrAdmin, .cart), (.cartOrAdmin, .admin), (.admin, .admin): return
    case (.cart, .anonymous), (.cartOrAdmin, .anonymous): throw .unauthenticated
    case (.admin, .anonymous): throw adminKeys.isEmpty ? .forbidden : .unauthenticated
    case (.cart, .admin), (.admin, .cart): throw .forbidden
    case (.origin, _):
      guard let sent = request.field("shop-origin-secret"), Self.isOne(of: originSecrets, sent) else { throw .forbidden }
    }
  }

  /// Every one is compared, so that the time says nothing about which came near.
  private static func isOne(of secrets: [[UInt8]], _ sent: String) -> Bool {
    let sent = Array(sent.utf8)
    return secrets.reduce(false) { constantTimeEqual(sent, $1) || $0 }
  }

  private func admin(_ key: String) throws(Refusal) -> Principal {
    if Self.isOne(of: adminKeys, key) { return .admin }
    throw adminKeys.isEmpty ? .forbidden : .unauthenticated
  }

  private func bearerToken(of head: RequestHead) throws(Refusal) -> String? {
    guard let value = head.field("authorization") else { return nil }
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw .unauthenticated }
    return String(parts[1])
  }

  /// `ct_` and 32 bytes in base64url.
  private static func isCartToken(_ token: String) -> Bool { token.hasPrefix("ct_") && token.utf8.count == 46 }
}
