/// How a shopper wants to pay, as sent with `complete`.
package struct PaymentRequest: Hashable, Sendable {
  package let provider: String
  package let token: String

  package init(provider: String, token: String) {
    self.provider = provider
    self.token = token
  }

  package static let longestToken = 255

  /// Refuses an unknown provider and a token that is missing, overlong, or a card number: those never come here.
  package static func checked(
    provider: String?, token: String?, providers: Set<String>, at pointer: String = "/payment"
  ) throws(Refusal) -> PaymentRequest {
    var faults = Faults()
    if let provider {
      if !providers.contains(provider) { faults.add(pointer + "/provider", .notAllowed, "No such payment provider.") }
    } else {
      faults.add(pointer + "/provider", .required, "A provider is needed.")
    }
    let token = TextRule(longest: longestToken).required(token, at: pointer + "/token", &faults)
    guard faults.isEmpty, let provider, let token else { throw .invalid(faults.all) }
    return PaymentRequest(provider: provider, token: token)
  }
}
