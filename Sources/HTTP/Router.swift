/// Finds the handler of a path: a trie over segments, where a literal goes before a parameter.
package struct Router<Handler: Sendable>: Sendable {
  package enum Match {
    /// Parameters are percent-decoded, in the order of the pattern.
    case found(Handler, parameters: [String])
    /// The path exists, this method of it does not.
    case wrongMethod(allowed: [Method])
    case notFound
  }

  /// One route, for listings such as documentation and metrics.
  package struct Entry: Sendable {
    package let method: Method
    package let pattern: String
    package let handler: Handler
  }

  private struct Node: Sendable {
    var literals: [(segment: [UInt8], node: Int)] = []
    var parameter: Int?
    var handlers: [(method: Method, handler: Handler)] = []
  }

  private var nodes = [Node()]
  /// In the order they were added.
  private(set) package var entries: [Entry] = []

  package init() {}

  /// Adds a route; `{name}` stands for one segment that is not empty. A second route of the same method and shape replaces the first.
  package mutating func add(_ method: Method, _ pattern: String, _ handler: Handler) {
    var current = 0
    for segment in pattern.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst() {
      current = child(of: current, for: Array(segment))
    }
    nodes[current].handlers.removeAll { $0.method == method }
    nodes[current].handlers.append((method, handler))
    entries.removeAll { $0.method == method && Self.shape($0.pattern) == Self.shape(pattern) }
    entries.append(Entry(method: method, pattern: pattern, handler: handler))
  }

  /// The pattern without its parameters' names.
  private static func shape(_ pattern: String) -> [Substring] {
    pattern.split(separator: "/", omittingEmptySubsequences: false).map { $0.hasPrefix("{") ? "{" : $0 }
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

  /// Looks up a raw path. HEAD is served by GET where it has no route of its own (RFC 9110, section 9.3.2).
  ///
  /// A segment that is `.` or `..` (however encoded), a broken escape and a slash at the end are not found: a path has one spelling.
  package func match(_ method: Method, path: ArraySlice<UInt8>) -> Match {
    guard path.first == UInt8(ascii: "/") else { return .notFound }
    var parameters: [String] = []
    guard let node = find(path, from: path.startIndex + 1, at: 0, &parameters) else { return .notFound }
    let handlers = nodes[node].handlers
    for found in handlers where found.method == method { return .found(found.handler, parameters: parameters) }
    if method == .head {
      for found in handlers where found.method == .get { return .found(found.handler, parameters: parameters) }
    }
    return .wrongMethod(allowed: allowed(handlers.map(\.method)))
  }

  /// The methods that some route has: what `OPTIONS *` answers.
  package var methods: [Method] { allowed(entries.map(\.method)) }

  /// Depth is bounded by the patterns', so going back from a literal to a parameter is too.
  private func find(_ path: ArraySlice<UInt8>, from start: Int, at node: Int, _ parameters: inout [String]) -> Int? {
    var end = start
    var isEncoded = false
    path.withUnsafeBufferPointer { bytes in
      let offset = path.startIndex
      while end < path.endIndex, bytes[end - offset] != UInt8(ascii: "/") {
        if bytes[end - offset] == UInt8(ascii: "%") { isEncoded = true }
        end += 1
      }
    }
    let segment = path[start..<end]
    var decoded: String?
    if isEncoded {
      guard let text = PercentEncoding.decode(segment) else { return nil }
      decoded = text
    }
    for literal in nodes[node].literals where Self.equal(literal.segment, segment, decoded) {
      if let found = descend(path, end, literal.node, &parameters) { return found }
    }
    guard let parameter = nodes[node].parameter, !segment.isEmpty,
      let value = decoded ?? String(validating: segment, as: UTF8.self), value != ".", value != ".."
    else { return nil }
    parameters.append(value)
    if let found = descend(path, end, parameter, &parameters) { return found }
    parameters.removeLast()
    return nil
  }

  private func descend(_ path: ArraySlice<UInt8>, _ end: Int, _ node: Int, _ parameters: inout [String]) -> Int? {
    guard end < path.endIndex else { return nodes[node].handlers.isEmpty ? nil : node }
    return find(path, from: end + 1, at: node, &parameters)
  }

  /// An escape of an unreserved character is the character (RFC 3986, section 6.2.2.2).
  private static func equal(_ literal: [UInt8], _ segment: ArraySlice<UInt8>, _ decoded: String?) -> Bool {
    if let decoded { return decoded.utf8.elementsEqual(literal) }
    guard literal.count == segment.count else { return false }
    return literal.withUnsafeBufferPointer { left in
      segment.withUnsafeBufferPointer { right in
        for index in 0..<left.count where left[index] != right[index] { return false }
        return true
      }
    }
  }

  /// HEAD and OPTIONS come with every route.
  private func allowed(_ methods: [Method]) -> [Method] {
    Method.allCases.filter { $0 == .options || methods.contains($0) || ($0 == .head && methods.contains(.get)) }
  }
}
