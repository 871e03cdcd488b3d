import JSON

extension OpenAPIDocument {
  /// How a credential is sent.
  private enum Scheme: String, CaseIterable {
    case cartToken
    case cartTokenAsBearer
    case adminKey
    case originSecret

    var note: String {
      switch self {
      case .cartToken: "The token of a cart, `ct_…`, told when the cart is made."
      case .cartTokenAsBearer: "The same token, where it is the only credential."
      case .adminKey: "A key of the shop's staff, `sk_…`."
      case .originSecret: "For a region's failover check."
      }
    }

    /// The header field; nil for `Authorization: Bearer`.
    var field: String? {
      switch self {
      case .cartToken: "Shop-Cart-Token"
      case .originSecret: "Shop-Origin-Secret"
      case .cartTokenAsBearer, .adminKey: nil
      }
    }
  }

  static func writeSecuritySchemes(to json: inout JSONWriter) {
    json.object { json in
      for scheme in Scheme.allCases {
        json.key(escaping: scheme.rawValue)
        json.object { json in
          json.key("type")
          json.string(scheme.field == nil ? "http" : "apiKey")
          if let field = scheme.field {
            json.key("in")
            json.string("header")
            json.key("name")
            json.string(field)
          } else {
            json.key("scheme")
            json.string("bearer")
          }
          json.key("description")
          json.string(scheme.note)
        }
      }
    }
  }

  /// Any one of the schemes opens the route.
  static func writeSecurity(of access: Route.Access, to json: inout JSONWriter) {
    json.array(schemes(of: access)) { json, scheme in
      json.object { json in
        json.key(escaping: scheme.rawValue)
        json.beginArray()
        json.endArray()
      }
    }
  }

  private static func schemes(of access: Route.Access) -> [Scheme] {
    switch access {
    case .anyone: []
    case .cart: [.cartToken, .cartTokenAsBearer]
    case .cartOrAdmin: [.cartToken, .cartTokenAsBearer, .adminKey]
    case .admin: [.adminKey]
    case .origin: [.originSecret]
    }
  }
}
