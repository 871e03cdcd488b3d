/// Finds the handler of a path: a trie over segments, where a literal goes before a parameter.
package struct Router<Handler: Sendable>: Sendable {
  package enum Match {
    /// Parameters are percent-decoded, in the order of the pattern.
    case found(Handler, parameters: [String])
    /// The path exists, this method of it does not.
    case wrongMethod(allowed: [Method])
    case notFound
  }

  private struct Node: Sendable {
    var literals: [(segment: [UInt8], node: Int)] = []
    var parameter: Int?
    var handlers: [(method: Method, handler: Handler)] = []
  }

  private var nodes = [Node()]

  package init() {}

  /// Adds a route; `{name}` stands for one segment that is not empty. A second route of the same method and shape replaces the first.
  package mutating func add(_ method: Method, _ pattern: String, _ handler: Handler) {
    var current = 0
    for segment in pattern.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst() {
      current = child(of: current, for: Array(segment))
    }
    nodes[current].handlers.removeAll { $0.method == method }
    nodes[current].handlers.append((method, handler))
  }

  private mutating func child(of parent: Int, for segment: [UInt8]) -> Int {
    if segment.first == UInt8(ascii: "{") {
      if let node = nodes[parent].parameter { return node }
      nodes.append(Node())
      nodes[parent].parameter = nodes.count - 1
    } else {
      if let known = nodes[parent].literals.first(where: { $0.segment == segment }) { return known.node }
      nodes.append(Node())
      nodes[parent].literals.append((segment, nodes.count - 1))
    }
    return nodes.count - 1
  }

  /// Looks up a raw path. HEAD is served by GET (RFC 9110, section 9.3.2).
  package func match(_ method: Method, path: ArraySlice<UInt8>) -> Match {
    guard path.first == UInt8(ascii: "/") else { return .notFound }
    var current = 0
    var parameters: [String] = []
    var start = path.startIndex + 1
    while true {
      let end = path[start...].firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
      let segment = path[start..<end]
      if let literal = nodes[current].literals.first(where: { $0.segment.elementsEqual(segment) }) {
        current = literal.node
      } else if let parameter = nodes[current].parameter, !segment.isEmpty, let value = PercentEncoding.decode(segment) {
        current = parameter
        parameters.append(value)
      } else {
        return .notFound
      }
      guard end < path.endIndex else { break }
      start = end + 1
    }
    let handlers = nodes[current].handlers
    guard !handlers.isEmpty else { return .notFound }
    let wanted = method == .head ? .get : method
    if let found = handlers.first(where: { $0.method == wanted }) { return .found(found.handler, parameters: parameters) }
    return .wrongMethod(allowed: allowed(handlers.map(\.method)))
  }

  /// HEAD and OPTIONS come with every route.
  private func allowed(_ methods: [Method]) -> [Method] {
    Method.allCases.filter { $0 == .options || methods.contains($0) || ($0 == .head && methods.contains(.get)) }
  }
}
