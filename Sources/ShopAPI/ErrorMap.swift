import HTTP
import JSON
import Shop

/// The one place where whatever goes wrong becomes a status and a problem.
///
/// Refusals and faults of the request are told as they are. Anything else is `internal`, with nothing of it inside: the log
/// has it under the same request id.
package enum ErrorMap {
  /// The answer to a request that went wrong.
  package static func response(for error: any Error, _ request: Request, _ id: RequestID) -> Response {
    problem(for: error).response(instance: request.path, requestID: id.description)
  }

  /// The answer to bytes that are no request.
  package static func response(for failure: ParseFailure, _ id: RequestID) -> Response {
    problem(for: failure).response(instance: nil, requestID: id.description)
  }

  package static func methodNotAllowed(_ allowed: [Method], _ request: Request, _ id: RequestID) -> Response {
    response(for: RequestFault.methodNotAllowed(allowed: allowed), request, id)
  }

  /// Whether an error is an answer, not a failure that someone should look at.
  package static func isExpected(_ error: any Error) -> Bool {
    error is Refusal || error is RequestFault || error is ParseFailure
  }

  package static func problem(for error: any Error) -> Problem {
    switch error {
    case let refusal as Refusal: problem(for: refusal)
    case let fault as RequestFault: problem(for: fault)
    case let failure as ParseFailure: problem(for: failure)
    default: Problem(500, "internal", "Something went wrong on our side. Nothing more can be said here.")
    }
  }

  // MARK: Before the rules

  package static func problem(for failure: ParseFailure) -> Problem {
    var problem = Problem(Status(failure.status), failure.code, sentence(failure.detail))
    if failure.status == 503 || failure.status == 429 { problem.retryAfter = 1 }
    return problem
  }

  package static func problem(for fault: RequestFault) -> Problem {
    switch fault {
    case .methodNotAllowed(let allowed):
      let names = allowed.map(\.name).joined(separator: ", ")
      var problem = Problem(405, "method_not_allowed", "This path takes \(names).")
      problem.fields.append("Allow", names)
      return problem
    case .unsupportedMediaType(let isPatch):
      let types = isPatch ? RequestBody.patchTypes : RequestBody.types
      let names = types.joined(separator: " or ")
      var problem = Problem(415, "unsupported_media_type", "The content must be \(names), in UTF-8, without a content coding.")
      // RFC 5789 section 3.1, RFC 9110 section 15.5.16.
      if isPatch {
        problem.fields.append("Accept-Patch", types.joined(separator: ", "))
      } else {
        problem.fields.append("Accept", types.joined(separator: ", "))
      }
      return problem
    case .invalidJSON(let error):
      var problem = Problem(400, Refusal.Malformed.invalidJSON.rawValue, "The body cannot be read: \(error).")
      problem.errors = [Problem.Entry(error.pointer, error.code.rawValue, sentence(error.description))]
      return problem
    }
  }

  // MARK: Refusals

  package static func problem(for refusal: Refusal) -> Problem {
    let (status, detail) = statusAndDetail(of: refusal)
    var problem = Problem(status, refusal.code, detail)
    switch refusal {
    case .unauthenticated:
      // RFC 9110 section 11.6.1: a 401 names a scheme.
      problem.fields.append("WWW-Authenticate", "Bearer")
    case .invalid(let faults), .notSellable(let faults):
      problem.errors = faults.map { Problem.Entry($0.pointer, $0.code.rawValue, $0.detail) }
    case .outOfStock(let shortages):
      problem.errors = shortages.map {
        Problem.Entry("/lines/\($0.line)", Fault.Code.outOfStock.rawValue, "\(max($0.available, 0)) left")
      }
      problem.available = shortages
    case .cartIncomplete(let requirements):
      problem.errors = requirements.map { Problem.Entry($0.pointer, Fault.Code.required.rawValue, "This is needed.") }
    case .priceChanged(let current): problem.currentTotal = current
    case .cartClosed(let order): problem.order = order
    case .checkoutInProgress(let seconds), .idempotencyInProgress(let seconds), .rateLimited(let seconds),
      .overloaded(let seconds), .unavailable(let seconds):
      problem.retryAfter = max(seconds, 1)
    default: break
    }
    return problem
  }

  private static func statusAndDetail(of refusal: Refusal) -> (Status, String) {
    switch refusal {
    case .malformed(_, let detail): (400, detail)
    case .invalid(let faults): (422, faults.count == 1 ? "One member is wrong." : "\(faults.count) members are wrong.")
    case .unauthenticated: (401, "A credential is needed, and this is none that is known.")
    case .forbidden: (403, "This credential does not allow it.")
    case .notFound: (404, "There is nothing here.")
    case .outOfStock(let shortages): (409, shortages.count > 1 ? "\(shortages.count) lines are short." : "One line is short.")
    case .priceChanged: (409, "The total has changed. Nothing was charged.")
    case .cartClosed(let order): (409, order == nil ? "The cart takes no more changes." : "The cart has become an order.")
    case .checkoutInProgress: (409, "A payment for this cart is under way.")
    case .cartEmpty: (422, "The cart has no lines.")
    case .cartIncomplete: (422, "The cart cannot be completed yet.")
    case .notSellable: (409, "Something in the cart cannot be bought any more.")
    case .discountUnavailable: (409, "A discount code was used up at this moment. Nothing was charged.")
    case .paymentDeclined: (402, "The payment was declined. The cart can be completed again.")
    case .skuTaken(let sku): (409, "Another variant has \(sku.map { "the SKU \($0)" } ?? "this SKU").")
    case .handleTaken(let handle): (409, "\(handle.map { "The handle \($0)" } ?? "This handle") is taken.")
    case .discountCodeTaken: (409, "Another discount has this code.")
    case .stockReserved(let reserved): (409, "\(reserved) are reserved: no less can be on hand.")
    case .stockChanged(let onHand): (409, "\(onHand) are on hand, not what was expected.")
    case .orderNotCancellable(let status): (409, "The order is \(status.rawValue) and cannot be cancelled.")
    case .inUse(let detail): (409, detail)
    case .stale(let current): (412, "The present version is \(current).")
    case .preconditionRequired: (428, "This change needs If-Match with the entity tag that it is based on.")
    case .idempotencyMismatch: (422, "The Idempotency-Key was used for another request.")
    case .idempotencyInProgress: (409, "The first request with this Idempotency-Key is still running.")
    case .rateLimited: (429, "Too many requests. Please slow down.")
    case .overloaded: (503, "The shop is busy. Please try again.")
    case .unavailable: (503, "The shop cannot do this at the moment. Please try again.")
    }
  }

  /// Reasons of the parsers are written as they are thrown, in the middle of a sentence.
  private static func sentence(_ reason: String) -> String {
    let text = reason.prefix(1).uppercased() + reason.dropFirst()
    return text.hasSuffix(".") ? text : text + "."
  }
}
