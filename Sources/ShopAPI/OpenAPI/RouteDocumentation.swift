import HTTP
import Shop

/// What `/openapi.json` says of a route, beyond what its method, its pattern and its access say.
package struct RouteDocumentation: Sendable {
  package enum Tag: String, CaseIterable, Sendable {
    case catalogue = "Catalogue"
    case carts = "Carts"
    case checkout = "Checkout"
    case orders = "Orders"
    case catalogueAdministration = "Catalogue administration"
    case stock = "Stock"
    case discounts = "Discounts"
    case operation = "Operation"
  }

  /// Whether a header field is read at all.
  package enum Demand: Sendable { case ignored, accepted, required }

  /// What a client calls the operation in its code.
  let id: String
  let tag: Tag
  let summary: String
  let query: [Parameter]
  let body: Schema?
  /// A body that may be left out as a whole.
  let bodyIsOptional: Bool
  /// `Idempotency-Key`.
  let key: Demand
  /// `If-Match`.
  let precondition: Demand
  let answers: [Answer]
  /// What of the shop's state may be against it. What is wrong with a request's form follows from the rest.
  let refusals: [Refusal]

  package init(
    _ id: String, _ tag: Tag, _ summary: String, query: [Parameter] = [], body: Schema? = nil, bodyIsOptional: Bool = false,
    key: Demand = .ignored, precondition: Demand = .ignored, answers: [Answer], refusals: [Refusal] = []
  ) {
    self.id = id
    self.tag = tag
    self.summary = summary
    self.query = query
    self.body = body
    self.bodyIsOptional = bodyIsOptional
    self.key = key
    self.precondition = precondition
    self.answers = answers
    self.refusals = refusals
  }
}

extension RouteDocumentation {
  /// An answer that is no problem.
  package struct Answer: Sendable {
    let status: Status
    let note: String
    let content: Content?
    let headers: [Header]

    enum Content: Sendable {
      case json(Schema)
      /// Text of this media type.
      case text(String)

      var type: String {
        switch self {
        case .json: "application/json"
        case .text(let type): type
        }
      }

      var schema: Schema {
        switch self {
        case .json(let schema): schema
        case .text: .text()
        }
      }
    }

    package init(_ status: Status, _ note: String, _ schema: Schema? = nil, _ headers: [Header] = []) {
      self.status = status
      self.note = note
      content = schema.map { .json($0) }
      self.headers = headers
    }

    package init(_ status: Status, _ note: String, text type: String) {
      self.status = status
      self.note = note
      content = .text(type)
      headers = []
    }
  }
}
