import JSON

/// A place in a JSON document; a place that is not there is null.
struct Node {
  let value: JSONValue
  let place: String

  init(_ value: JSONValue, at place: String = "") {
    self.value = value
    self.place = place
  }

  subscript(name: String) -> Node {
    guard case .object(let object) = value else { return Node(.null, at: "\(place)/\(name)") }
    return Node(object[name] ?? .null, at: "\(place)/\(name)")
  }

  var members: [String: Node] {
    guard case .object(let object) = value else { return [:] }
    return Dictionary(object.members.map { ($0.name, Node($0.value, at: "\(place)/\($0.name)")) }) { $1 }
  }

  var elements: [Node] {
    guard case .array(let elements) = value else { return [] }
    return elements.enumerated().map { Node($1, at: "\(place)/\($0)") }
  }

  var text: String? {
    guard case .string(let text) = value else { return nil }
    return text
  }

  var isTrue: Bool { value == .bool(true) }

  /// What the place refers to with `$ref`, or itself.
  func resolved(in document: Node) -> Node {
    guard let reference = self["$ref"].text else { return self }
    return reference.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] }
  }
}
