/// Finds the handler of a path: a trie over segments, where a literal goes before a parameter.
///
/// The trie is flat arrays of plain numbers: a look-up counts no references and allocates the parameters only.
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

  /// In the order they were added.
  private(set) package var entries: [Entry] = []
  private var trie = RouteTrie()

  package init() {}

  /// Adds a route; `{name}` stands for one segment that is not empty. A second route of the same method and shape replaces the first.
  package mutating func add(_ method: Method, _ pattern: String, _ handler: Handler) {
    let entry = Entry(method: method, pattern: pattern, handler: handler)
    let node = trie.insert(pattern)
    if let known = trie.route(at: node, method) {
      entries[known] = entry
    } else {
      trie.setRoute(at: node, method, entries.count)
      entries.append(entry)
    }
  }

  /// Looks up a raw path. HEAD is served by GET where it has no route of its own (RFC 9110, section 9.3.2).
  ///
  /// A segment that is `.` or `..` (however encoded), a broken escape and a slash at the end are not found: a path has one spelling.
  package func match(_ method: Method, path: ArraySlice<UInt8>) -> Match {
    guard let (node, parameters) = trie.find(path) else { return .notFound }
    if let route = trie.route(at: node, method) ?? (method == .head ? trie.route(at: node, .get) : nil) {
      return .found(entries[route].handler, parameters: parameters)
    }
    return .wrongMethod(allowed: allowed(Method.allCases.filter { trie.route(at: node, $0) != nil }))
  }

  /// The methods that some route has: what `OPTIONS *` answers.
  package var methods: [Method] { allowed(entries.map(\.method)) }

  /// HEAD and OPTIONS come with every route.
  private func allowed(_ methods: [Method]) -> [Method] {
    Method.allCases.filter { $0 == .options || methods.contains($0) || ($0 == .head && methods.contains(.get)) }
  }
}
