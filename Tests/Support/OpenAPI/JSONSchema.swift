import Foundation
import JSON

/// A schema of JSON Schema 2020-12, of the keywords that the shop's document is written in.
///
/// A keyword that is not known refuses the whole schema: what is not understood cannot be checked.
package struct JSONSchema: Sendable {
  var reference: String?
  var types: [String]?
  var words: [JSONValue]?
  var pattern: Pattern?
  var length: ClosedRange<Int> = 0...Int.max
  var range: ClosedRange<Int64> = Int64.min...Int64.max
  var members: [String: JSONSchema] = [:]
  var required: [String] = []
  var patternMembers: [(Pattern, JSONSchema)] = []
  var others: Others?
  var most = Int.max
  /// None or one: what each element must be.
  var element: [JSONSchema] = []
  var count: ClosedRange<Int> = 0...Int.max
  var oneOf: [JSONSchema] = []
  var anyOf: [JSONSchema] = []

  /// `additionalProperties`.
  enum Others: Sendable {
    case refused
    case welcome
    indirect case of(JSONSchema)
  }

  /// - Parameter place: of the schema in its document, for the fault.
  package init(_ value: JSONValue, at place: String = "") throws {
    guard case .object(let object) = value else { throw TestFault("\(place): a schema is an object") }
    for member in object.members {
      let place = "\(place)/\(member.name)"
      switch member.name {
      case "description", "format": break
      case "$ref": reference = try Self.text(member.value, place)
      case "type":
        if case .array(let types) = member.value {
          self.types = try types.map { try Self.text($0, place) }
        } else {
          types = [try Self.text(member.value, place)]
        }
      case "enum": words = try Self.list(member.value, place)
      case "pattern": pattern = try Pattern(try Self.text(member.value, place))
      case "minLength": length = Int(try Self.integer(member.value, place))...length.upperBound
      case "maxLength": length = length.lowerBound...Int(try Self.integer(member.value, place))
      case "minimum": range = try Self.integer(member.value, place)...range.upperBound
      case "maximum": range = range.lowerBound...(try Self.integer(member.value, place))
      case "properties":
        for member in try Self.object(member.value, place).members {
          members[member.name] = try JSONSchema(member.value, at: "\(place)/\(member.name)")
        }
      case "required": required = try Self.list(member.value, place).map { try Self.text($0, place) }
      case "patternProperties":
        for member in try Self.object(member.value, place).members {
          patternMembers.append((try Pattern(member.name), try JSONSchema(member.value, at: "\(place)/\(member.name)")))
        }
      case "additionalProperties":
        switch member.value {
        case .bool(let isWelcome): others = isWelcome ? .welcome : .refused
        default: others = .of(try JSONSchema(member.value, at: place))
        }
      case "maxProperties": most = Int(try Self.integer(member.value, place))
      case "items": element = [try JSONSchema(member.value, at: place)]
      case "minItems": count = Int(try Self.integer(member.value, place))...count.upperBound
      case "maxItems": count = count.lowerBound...Int(try Self.integer(member.value, place))
      case "oneOf": oneOf = try Self.schemas(member.value, place)
      case "anyOf": anyOf = try Self.schemas(member.value, place)
      default: throw TestFault("\(place): this keyword is not known")
      }
    }
  }

  // MARK: Reading

  private static func text(_ value: JSONValue, _ place: String) throws -> String {
    guard case .string(let text) = value else { throw TestFault("\(place): this should be a string") }
    return text
  }

  private static func integer(_ value: JSONValue, _ place: String) throws -> Int64 {
    guard case .integer(let number) = value else { throw TestFault("\(place): this should be an integer") }
    return number
  }

  private static func list(_ value: JSONValue, _ place: String) throws -> [JSONValue] {
    guard case .array(let elements) = value else { throw TestFault("\(place): this should be an array") }
    return elements
  }

  private static func object(_ value: JSONValue, _ place: String) throws -> JSONObject {
    guard case .object(let object) = value else { throw TestFault("\(place): this should be an object") }
    return object
  }

  private static func schemas(_ value: JSONValue, _ place: String) throws -> [JSONSchema] {
    try list(value, place).map { try JSONSchema($0, at: place) }
  }

  /// A regular expression as ECMA-262 means it.
  struct Pattern: Sendable {
    private let expression: NSRegularExpression

    init(_ text: String) throws {
      // ICU's `$` would let a line feed follow.
      let anchored = text.hasSuffix("$") ? text.dropLast() + "\\z" : text
      do {
        expression = try NSRegularExpression(pattern: anchored)
      } catch {
        throw TestFault("no regular expression: \(text)")
      }
    }

    func matches(_ text: String) -> Bool {
      expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
    }
  }
}
