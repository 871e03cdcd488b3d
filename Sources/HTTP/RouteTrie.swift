/// The segments of all patterns as a trie that gives each method of each pattern the number of its route.
struct RouteTrie: Sendable {
  private struct Node {
    var firstEdge = -1
    var parameter = -1
    var hasRoutes = false
  }

  /// A literal segment, `text[start..<start + count]`, that leads to `node`; `next` is another edge from the same node.
  private struct Edge {
    let start: Int
    let count: Int
    let node: Int
    var next = -1
  }

  /// Numbers a node; `Method.allCases` would be made anew at each use.
  private static var width: Int { Int(Method.options.rawValue) + 1 }

  private var nodes = [Node()]
  private var edges: [Edge] = []
  private var text: [UInt8] = []
  /// For each node one number a method, -1 where it has no route.
  private var routes = [Int](repeating: -1, count: Self.width)

  // MARK: Building

  /// The node of a pattern, made where it is missing.
  mutating func insert(_ pattern: String) -> Int {
    var current = 0
    for segment in pattern.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst() {
      if segment.first == UInt8(ascii: "{") {
        if nodes[current].parameter < 0 { nodes[current].parameter = makeNode() }
        current = nodes[current].parameter
      } else {
        current = literal(Array(segment), from: current)
      }
    }
    return current
  }

  private mutating func makeNode() -> Int {
    nodes.append(Node())
    routes.append(contentsOf: repeatElement(-1, count: Self.width))
    return nodes.count - 1
  }

  private mutating func literal(_ segment: [UInt8], from parent: Int) -> Int {
    var last = -1
    var edge = nodes[parent].firstEdge
    while edge >= 0 {
      if text[edges[edge].start..<(edges[edge].start + edges[edge].count)].elementsEqual(segment) { return edges[edge].node }
      last = edge
      edge = edges[edge].next
    }
    edges.append(Edge(start: text.count, count: segment.count, node: makeNode()))
    text.append(contentsOf: segment)
    if last < 0 { nodes[parent].firstEdge = edges.count - 1 } else { edges[last].next = edges.count - 1 }
    return edges[edges.count - 1].node
  }

  mutating func setRoute(at node: Int, _ method: Method, _ route: Int) {
    routes[node * Self.width + Int(method.rawValue)] = route
    nodes[node].hasRoutes = true
  }

  func route(at node: Int, _ method: Method) -> Int? {
    let route = routes[node * Self.width + Int(method.rawValue)]
    return route < 0 ? nil : route
  }

  // MARK: Looking up

  /// The node of a raw path that has routes, and the decoded parameters on the way.
  func find(_ path: ArraySlice<UInt8>) -> (node: Int, parameters: [String])? {
    path.withUnsafeBufferPointer { path in
      nodes.withUnsafeBufferPointer { nodes in
        edges.withUnsafeBufferPointer { edges in
          text.withUnsafeBufferPointer { text in
            guard path.first == UInt8(ascii: "/") else { return nil }
            var walk = Walk(path: path, nodes: nodes, edges: edges, text: text)
            return walk.find(from: 1, at: 0).map { ($0, walk.parameters) }
          }
        }
      }
    }
  }

  /// One look-up. Its depth is bounded by the patterns', and so is going back from a literal to a parameter.
  private struct Walk {
    let path: UnsafeBufferPointer<UInt8>
    let nodes: UnsafeBufferPointer<Node>
    let edges: UnsafeBufferPointer<Edge>
    let text: UnsafeBufferPointer<UInt8>
    var parameters: [String] = []

    mutating func find(from start: Int, at node: Int) -> Int? {
      var end = start
      var isEncoded = false
      while end < path.count, path[end] != UInt8(ascii: "/") {
        if path[end] == UInt8(ascii: "%") { isEncoded = true }
        end += 1
      }
      var decoded: String?
      if isEncoded {
        guard let value = PercentEncoding.decode(Array(path[start..<end])[...]) else { return nil }
        decoded = value
      }
      var edge = nodes[node].firstEdge
      while edge >= 0 {
        if isEqual(edges[edge], start..<end, decoded), let found = descend(end, edges[edge].node) { return found }
        edge = edges[edge].next
      }
      guard nodes[node].parameter >= 0, end > start, let value = decoded ?? String(validating: path[start..<end], as: UTF8.self),
        value != ".", value != ".."
      else { return nil }
      parameters.append(value)
      if let found = descend(end, nodes[node].parameter) { return found }
      parameters.removeLast()
      return nil
    }

    private mutating func descend(_ end: Int, _ node: Int) -> Int? {
      guard end < path.count else { return nodes[node].hasRoutes ? node : nil }
      return find(from: end + 1, at: node)
    }

    /// An escape of an unreserved character is the character (RFC 3986, section 6.2.2.2).
    private func isEqual(_ edge: Edge, _ segment: Range<Int>, _ decoded: String?) -> Bool {
      if let decoded { return decoded.utf8.elementsEqual(text[edge.start..<(edge.start + edge.count)]) }
      guard edge.count == segment.count else { return false }
      for index in 0..<edge.count where text[edge.start + index] != path[segment.lowerBound + index] { return false }
      return true
    }
  }
}
