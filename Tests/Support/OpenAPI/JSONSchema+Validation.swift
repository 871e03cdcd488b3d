import JSON

extension JSONSchema {
  /// What is wrong with `value`, each with its place; nothing where it is valid.
  ///
  /// - Parameters:
  ///   - components: what `$ref` finds, by name.
  ///   - isClosed: a member that the schema does not name is wrong, even where the schema lets others in by its silence.
  package func faults(
    _ value: JSONValue, components: [String: JSONSchema] = [:], isClosed: Bool = false, at place: String = ""
  ) -> [String] {
    var validation = Validation(components: components, isClosed: isClosed)
    validation.check(value, self, at: place)
    return validation.faults
  }

  private struct Validation {
    let components: [String: JSONSchema]
    let isClosed: Bool
    var faults: [String] = []

    /// Names that a schema knows of an object; nil: all that there may be.
    typealias Known = Set<String>?

    mutating func check(_ value: JSONValue, _ schema: JSONSchema, at place: String) {
      let known = apply(schema, to: value, at: place)
      guard isClosed, let known, case .object(let object) = value else { return }
      for name in object.names where !known.contains(name) { faults.append("\(place)/\(name): the schema has no such member") }
    }

    /// All keywords, those of the schemas for the same value too.
    private mutating func apply(_ schema: JSONSchema, to value: JSONValue, at place: String) -> Known {
      var known: Known = []
      if let reference = schema.reference {
        let name = reference.split(separator: "/").last.map(String.init) ?? ""
        guard let component = components[name] else {
          faults.append("\(place): \(reference) leads nowhere")
          return nil
        }
        known = apply(component, to: value, at: place)
      }
      if let types = schema.types, !types.contains(value.type) {
        faults.append("\(place): \(value.type) is not \(types.joined(separator: " or "))")
      }
      if let words = schema.words, !words.contains(value) { faults.append("\(place): \(value) is not one of the words") }
      switch value {
      case .string(let text): checkText(text, schema, at: place)
      case .integer, .number:
        if let number = value.exactInteger, !schema.range.contains(number) {
          faults.append("\(place): \(number) is not in \(schema.range)")
        }
      case .array(let elements):
        if !schema.count.contains(elements.count) { faults.append("\(place): \(elements.count) elements") }
        for (index, element) in elements.enumerated() {
          for schema in schema.element { check(element, schema, at: "\(place)/\(index)") }
        }
      case .object(let object): known = union(known, members(of: object, schema, at: place))
      case .null, .bool: break
      }
      known = union(known, alternatives(schema.oneOf, value, at: place) { $0 == 1 })
      return union(known, alternatives(schema.anyOf, value, at: place) { $0 > 0 })
    }

    private mutating func checkText(_ text: String, _ schema: JSONSchema, at place: String) {
      if !schema.length.contains(text.unicodeScalars.count) { faults.append("\(place): \(text.unicodeScalars.count) characters") }
      if let pattern = schema.pattern, !pattern.matches(text) { faults.append("\(place): “\(text)” is not of the pattern") }
    }

    private mutating func members(of object: JSONObject, _ schema: JSONSchema, at place: String) -> Known {
      for name in schema.required where object[name] == nil { faults.append("\(place)/\(name): this is missing") }
      if object.count > schema.most { faults.append("\(place): \(object.count) members") }
      var known = Set(schema.members.keys)
      for member in object.members {
        let place = "\(place)/\(member.name)"
        if let schema = schema.members[member.name] { check(member.value, schema, at: place) }
        for (pattern, schema) in schema.patternMembers where pattern.matches(member.name) {
          known.insert(member.name)
          check(member.value, schema, at: place)
        }
        guard !known.contains(member.name) else { continue }
        switch schema.others {
        case nil, .welcome: break
        case .refused: faults.append("\(place): the schema refuses other members")
        case .of(let schema): check(member.value, schema, at: place)
        }
      }
      switch schema.others {
      case nil, .refused: return known
      case .welcome, .of: return nil
      }
    }

    private mutating func alternatives(
      _ schemas: [JSONSchema], _ value: JSONValue, at place: String, _ isEnough: (Int) -> Bool
    ) -> Known {
      guard !schemas.isEmpty else { return [] }
      var known: Known = []
      var reasons: [String] = []
      var matching = 0
      for schema in schemas {
        var trial = Validation(components: components, isClosed: isClosed)
        let names = trial.apply(schema, to: value, at: place)
        if trial.faults.isEmpty {
          matching += 1
          known = union(known, names)
        }
        reasons += trial.faults
      }
      if !isEnough(matching) { faults.append("\(place): \(matching) of \(schemas.count) schemas match: \(reasons)") }
      return known
    }

    private func union(_ first: Known, _ second: Known) -> Known {
      guard let first, let second else { return nil }
      return first.union(second)
    }
  }
}

extension JSONValue {
  /// As a schema calls it.
  fileprivate var type: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .integer: "integer"
    case .number: exactInteger == nil ? "number" : "integer"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}
