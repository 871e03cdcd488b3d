import JSON

extension Schema {
  func write(to json: inout JSONWriter) {
    // A reference has no type to add null to.
    if isNullable, isReference {
      json.object { json in
        writeNote(to: &json)
        json.key("anyOf")
        json.beginArray()
        Schema(shape).write(to: &json)
        json.object { json in
          json.key("type")
          json.string("null")
        }
        json.endArray()
      }
    } else {
      json.object { json in
        writeKeywords(to: &json)
        writeNote(to: &json)
      }
    }
  }

  private var isReference: Bool {
    switch shape {
    case .component, .extended, .oneOf: true
    default: false
    }
  }

  private func writeNote(to json: inout JSONWriter) {
    guard let note else { return }
    json.key("description")
    json.string(note)
  }

  private func writeKeywords(to json: inout JSONWriter) {
    switch shape {
    case .text(let length, let pattern, let format): writeText(length, pattern, format, to: &json)
    case .words(let words):
      writeType("string", to: &json)
      json.key("enum")
      json.beginArray()
      for word in words { json.string(word) }
      if isNullable { json.null() }
      json.endArray()
    case .integer(let range):
      writeType("integer", to: &json)
      json.key("minimum")
      json.integer(range.lowerBound)
      json.key("maximum")
      json.integer(range.upperBound)
    case .boolean: writeType("boolean", to: &json)
    case .object(let members, let others, let most): writeObject(members, others, most, to: &json)
    case .list(let element, let count):
      writeType("array", to: &json)
      json.key("items")
      element.write(to: &json)
      if let count { Self.write(count, "minItems", "maxItems", to: &json) }
    case .component(let component): Self.writeReference(component, to: &json)
    case .extended(let component, let members):
      Self.writeReference(component, to: &json)
      Self.write(members, to: &json)
    case .oneOf(let schemas):
      json.key("oneOf")
      json.array(schemas) { json, schema in schema.write(to: &json) }
    }
  }

  private func writeType(_ type: String, to json: inout JSONWriter) {
    json.key("type")
    if isNullable {
      json.array([type, "null"]) { $0.string($1) }
    } else {
      json.string(type)
    }
  }

  private func writeText(_ length: ClosedRange<Int>?, _ pattern: String?, _ format: String?, to json: inout JSONWriter) {
    writeType("string", to: &json)
    if let length { Self.write(length, "minLength", "maxLength", to: &json) }
    if let pattern {
      json.key("pattern")
      json.string(pattern)
    }
    if let format {
      json.key("format")
      json.string(format)
    }
  }

  private func writeObject(_ members: [Member], _ others: Others, _ most: Int?, to json: inout JSONWriter) {
    writeType("object", to: &json)
    Self.write(members, to: &json)
    if case .matching(let pattern, let schema) = others {
      json.key("patternProperties")
      json.object { json in
        json.key(escaping: pattern)
        schema.write(to: &json)
      }
    }
    switch others {
    case .ignored: break
    case .refused, .matching:
      json.key("additionalProperties")
      json.bool(false)
    case .anything:
      json.key("additionalProperties")
      json.bool(true)
    case .any(let schema):
      json.key("additionalProperties")
      schema.write(to: &json)
    }
    if let most {
      json.key("maxProperties")
      json.integer(most)
    }
  }

  private static func write(_ members: [Member], to json: inout JSONWriter) {
    guard !members.isEmpty else { return }
    json.key("properties")
    json.object { json in
      for member in members {
        json.key(escaping: member.name)
        member.schema.write(to: &json)
      }
    }
    let required = members.filter(\.isRequired)
    guard !required.isEmpty else { return }
    json.key("required")
    json.array(required) { $0.string($1.name) }
  }

  private static func write(
    _ range: ClosedRange<Int>, _ least: StaticString, _ most: StaticString, to json: inout JSONWriter
  ) {
    if range.lowerBound > 0 {
      json.key(least)
      json.integer(range.lowerBound)
    }
    if range.upperBound < .max {
      json.key(most)
      json.integer(range.upperBound)
    }
  }

  private static func writeReference(_ component: Component, to json: inout JSONWriter) {
    json.key("$ref")
    json.string("#/components/schemas/\(component.name)")
  }
}

// MARK: What it refers to

extension Schema {
  /// Calls `body` with every component that the schema names, those within these not counted.
  func forEachComponent(_ body: (Component) -> Void) {
    switch shape {
    case .text, .words, .integer, .boolean: break
    case .object(let members, let others, _):
      for member in members { member.schema.forEachComponent(body) }
      switch others {
      case .refused, .ignored, .anything: break
      case .any(let schema), .matching(_, let schema): schema.forEachComponent(body)
      }
    case .list(let element, _): element.forEachComponent(body)
    case .component(let component): body(component)
    case .extended(let component, let members):
      body(component)
      for member in members { member.schema.forEachComponent(body) }
    case .oneOf(let schemas): for schema in schemas { schema.forEachComponent(body) }
    }
  }
}
