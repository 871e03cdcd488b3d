import JSON
import Shop

/// Small JSON texts for jsonb columns.
enum JSONText {
  static func object(_ attributes: [Attribute]) -> String { object(attributes.map { ($0.name, $0.value) }) }

  static func object(_ options: [OptionValue]) -> String { object(options.map { ($0.name, $0.value) }) }

  private static func object(_ members: [(String, String)]) -> String {
    var json = JSONWriter(capacity: 64)
    json.beginObject()
    for (name, value) in members {
      json.key(escaping: name)
      json.string(value)
    }
    json.endObject()
    return String(decoding: json.finish(), as: UTF8.self)
  }

  static func array(_ values: [String]) -> String {
    var json = JSONWriter(capacity: 64)
    json.beginArray()
    for value in values { json.string(value) }
    json.endArray()
    return String(decoding: json.finish(), as: UTF8.self)
  }
}
