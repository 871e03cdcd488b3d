/// A JSON value as the strict reader found it.
package enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  /// A number without fraction or exponent, at most 2^53-1 from zero: exact for every reader (RFC 7493 section 2.2).
  case integer(Int64)
  /// Any other number, as its text: nothing in the shop is a floating point value.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// What a person would call the kind of this value.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .integer: "integer"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}
