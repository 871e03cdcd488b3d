import HTTP
import JSON

/// The description of every route in the words of OpenAPI 3.1.
struct OpenAPIDocument {
  let routes: [Route]
  let version: String

  /// The whole document as JSON.
  func body() -> [UInt8] {
    var json = JSONWriter(capacity: 131_072)
    json.object { json in
      json.key("openapi")
      json.string("3.1.1")
      json.key("info")
      writeInfo(to: &json)
      json.key("servers")
      json.array(["/"]) { json, url in
        json.object { json in
          json.key("url")
          json.string(url)
        }
      }
      json.key("tags")
      json.array(RouteDocumentation.Tag.allCases) { json, tag in
        json.object { json in
          json.key("name")
          json.string(tag.rawValue)
        }
      }
      json.key("paths")
      writePaths(to: &json)
      json.key("components")
      writeComponents(to: &json)
    }
    return json.finish()
  }

  private func writeInfo(to json: inout JSONWriter) {
    json.object { json in
      json.key("title")
      json.string("Shop")
      json.key("version")
      json.string(version)
      json.key("description")
      json.string(Self.manners)
    }
  }

  /// What holds for every route.
  private static let manners = """
    A headless shop: catalogue, carts, checkout, orders, and their administration.

    Every error is a problem document (RFC 9457) with a stable `code`; `errors` has a JSON pointer for each member that is wrong. \
    Beside what an operation lists, any path answers 404 where there is none, 405 with `Allow` to other methods, HEAD where it has \
    GET, OPTIONS with 204; and any request may be refused before it is read: 408, 413, 414, 417, 431, 501 and 505.

    Bodies are I-JSON (RFC 7493): no member twice, no lone surrogates or noncharacters, integers up to 2^53-1. Requests refuse \
    members and parameters that they do not know; answers may get more members in later versions. Money is in minor units of its \
    currency. Times are UTC.
    """

  private func writePaths(to json: inout JSONWriter) {
    json.object { json in
      for pattern in patterns {
        json.key(escaping: pattern)
        json.object { json in
          for route in routes where route.pattern == pattern {
            json.key(escaping: route.method.name.lowercased())
            write(route, to: &json)
          }
        }
      }
    }
  }

  /// Each once, in the order of the route map.
  private var patterns: [String] {
    routes.reduce(into: []) { patterns, route in
      if !patterns.contains(route.pattern) { patterns.append(route.pattern) }
    }
  }

  // MARK: Components

  private func writeComponents(to json: inout JSONWriter) {
    json.object { json in
      json.key("schemas")
      json.object { json in
        for component in components {
          json.key(escaping: component.name)
          component.make().write(to: &json)
        }
      }
      json.key("responses")
      json.object { json in
        for (status, problems) in sharedProblems {
          json.key(escaping: Self.name(of: status))
          Self.write(nil, problems, to: &json)
        }
      }
      json.key("headers")
      json.object { json in
        json.key(escaping: Header.requestID.name)
        Header.requestID.write(to: &json)
      }
      json.key("securitySchemes")
      Self.writeSecuritySchemes(to: &json)
    }
  }

  /// Every component that a route refers to, and those within them, by name.
  private var components: [Component] {
    var known: [String: Component] = [:]
    func add(_ component: Component) {
      guard known.updateValue(component, forKey: component.name) == nil else { return }
      component.make().forEachComponent(add)
    }
    add(.problem)
    for route in routes {
      for parameter in route.parameters { parameter.schema.forEachComponent(add) }
      route.documentation.body?.forEachComponent(add)
      for answer in route.documentation.answers { answer.content?.schema.forEachComponent(add) }
    }
    return known.values.sorted { $0.name < $1.name }
  }

  /// The problems of those statuses that tell the same whatever is asked for, from all routes.
  private var sharedProblems: [(status: Int, problems: [Problem])] {
    let shared = routes.flatMap(\.problems).filter { Self.isShared($0.status) }
    return Dictionary(grouping: shared, by: \.status.code).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
