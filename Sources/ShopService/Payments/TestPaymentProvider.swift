import HTTP
import HTTPClient
import JSON
import Reactor
import Shop

/// The payment provider `test`, asked over the network like any other. Never in production.
struct TestPaymentProvider: PaymentProvider {
  let name = "test"
  let client: Client
  let origin: Origin

  func authorise(_ authorisation: PaymentAuthorisation, timeout: Duration) async -> PaymentOutcome {
    var json = JSONWriter()
    json.beginObject()
    json.key("payment")
    json.string(authorisation.payment.description)
    json.key("amount")
    json.integer(authorisation.amount.amount)
    json.key("currency")
    json.string(authorisation.amount.currency.code)
    json.key("token")
    json.string(authorisation.token)
    json.endObject()
    let request = keyed("/authorizations", "/authorizations", authorisation.operation, json.finish())
    switch await answer(request, timeout: timeout) {
    case .authorised(let reference): return .authorised(reference: reference)
    case .declined, .voided: return .declined
    case .requiresAction(let action, let reference): return .requiresAction(action, reference: reference)
    case .processing, .notFound, .unavailable: return .unknown
    }
  }

  func void(_ authorisation: OperationID, operation: OperationID, timeout: Duration) async -> VoidOutcome {
    let request = keyed("/authorizations/\(authorisation)/void", "/authorizations/{key}/void", operation, Array("{}".utf8))
    switch await answer(request, timeout: timeout) {
    case .voided, .declined, .notFound: return .voided
    case .authorised: return .tooLate
    case .requiresAction, .processing, .unavailable: return .unknown
    }
  }

  func query(_ operation: OperationID, timeout: Duration) async -> PaymentQuery {
    await answer(ClientRequest(.get, "/authorizations/\(operation)", pattern: "/authorizations/{key}"), timeout: timeout)
  }

  private func keyed(_ path: String, _ pattern: StaticString, _ key: OperationID, _ body: [UInt8]) -> ClientRequest {
    var headers = HeaderFields()
    headers.append("Idempotency-Key", key.description)
    return ClientRequest(
      .post, path, pattern: pattern, headers: headers, contentType: "application/json", body: body, isIdempotent: true)
  }

  private func answer(_ request: ClientRequest, timeout: Duration) async -> PaymentQuery {
    do {
      let response = try await client.send(request, to: origin, deadline: .measured() + timeout)
      if response.status == 404 { return .notFound }
      guard [200, 201, 202, 402].contains(response.status), case .object(let body) = try JSONReader.read(response.body),
        case .string(let status)? = body["status"], case .string(let reference)? = body["id"]
      else { return .unavailable }
      switch status {
      case "authorized": return .authorised(reference: reference)
      case "declined": return .declined
      case "voided": return .voided
      case "processing": return .processing
      case "requires_action":
        guard case .string(let url)? = body["next_action_url"] else { return .unavailable }
        return .requiresAction(.redirect(url: url), reference: reference)
      default: return .unavailable
      }
    } catch {
      return .unavailable
    }
  }
}
