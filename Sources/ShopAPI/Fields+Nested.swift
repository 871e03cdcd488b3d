import JSON
import Shop

extension Fields {
  /// An object within, whose members are read by `body`; its faults, unknown members too, join the others.
  package mutating func object<Value>(_ name: String, _ body: (inout Fields) -> Value?) -> Value? {
    guard let value = value(name) else { return nil }
    guard case .object(let object) = value else {
      mistyped(name, "an object", value)
      return nil
    }
    return nested(object, at: place(name), body)
  }

  /// A list of objects, each read by `body`. What is no object is read as an empty one, so that those behind it keep their
  /// places in the pointers of rules; its fault covers all that is missing in it.
  package mutating func objects<Value>(
    _ name: String, atMost limit: Int = 1_000, _ body: (inout Fields) -> Value?
  ) -> [Value]? {
    elements(name, "an object", atMost: limit) { fields, element, place in
      guard case .object(let object) = element else {
        var nothing = Fields(JSONObject(), at: place)
        return .mistyped(body(&nothing))
      }
      return .read(fields.nested(object, at: place, body))
    }
  }

  package mutating func strings(_ name: String, atMost limit: Int = 1_000) -> [String]? {
    elements(name, "a string", atMost: limit) { _, element, _ in
      guard case .string(let text) = element else { return .mistyped("") }
      return .read(text)
    }
  }

  /// An object whose names are data too, `{"color": "red"}`, in its order.
  package mutating func pairs(_ name: String, atMost limit: Int = 1_000) -> [(name: String, value: String)]? {
    members(name, atMost: limit) { $0.text }
  }

  /// As `pairs`, in a merge patch (RFC 7396): null takes a member away.
  package mutating func mergedPairs(_ name: String, atMost limit: Int = 1_000) -> [(name: String, value: String?)]? {
    members(name, atMost: limit) { $0 == .null ? .some(nil) : $0.text.map(Optional.some) }
  }

  private mutating func members<Value>(
    _ name: String, atMost limit: Int, _ read: (JSONValue) -> Value?
  ) -> [(name: String, value: Value)]? {
    guard let value = value(name) else { return nil }
    guard case .object(let object) = value else {
      mistyped(name, "an object", value)
      return nil
    }
    guard object.count <= limit else {
      addFault(name, .tooMany, "At most \(limit) members.")
      return nil
    }
    var members: [(name: String, value: Value)] = []
    for member in object.members {
      guard let value = read(member.value) else {
        add(Fault("\(place(name))/\(JSONPointer.escape(member.name))", .mistyped, "This must be a string."))
        continue
      }
      members.append((member.name, value))
    }
    return members
  }

  private mutating func nested<Value>(_ object: JSONObject, at place: String, _ body: (inout Fields) -> Value?) -> Value? {
    var fields = Fields(object, at: place)
    let value = body(&fields)
    for fault in fields.allFaults() { add(fault) }
    return value
  }

  private enum Element<Value> {
    case read(Value?)
    /// With what stands in its place.
    case mistyped(Value?)
  }

  private mutating func elements<Value>(
    _ name: String, _ expected: String, atMost limit: Int, _ read: (inout Fields, JSONValue, String) -> Element<Value>
  ) -> [Value]? {
    guard let value = value(name) else { return nil }
    guard case .array(let elements) = value else {
      mistyped(name, "an array", value)
      return nil
    }
    guard elements.count <= limit else {
      addFault(name, .tooMany, "At most \(limit) elements.")
      return nil
    }
    var values: [Value] = []
    for (index, element) in elements.enumerated() {
      let place = "\(place(name))/\(index)"
      switch read(&self, element, place) {
      case .read(let value?): values.append(value)
      case .read(nil): continue
      case .mistyped(let standIn):
        add(Fault(place, .mistyped, "This must be \(expected), not \(element.kind)."))
        if let standIn { values.append(standIn) }
      }
    }
    return values
  }
}

extension JSONValue {
  fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
}
