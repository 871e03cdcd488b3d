import JSON
import TestSupport
import Testing

struct JSONSchemaTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let schema: String
    var valid: [String] = []
    var invalid: [String] = []

    var testDescription: String { schema }
  }

  private static func json(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }

  private static let cases = [
    Case(schema: #"{"type":"string"}"#, valid: [#""""#, #""a""#], invalid: ["1", "null", "[]", "{}", "true"]),
    Case(schema: #"{"type":["integer","null"]}"#, valid: ["1", "null"], invalid: ["1.5", #""1""#, "false"]),
    Case(schema: #"{"type":"boolean"}"#, valid: ["true", "false"], invalid: ["0", #""true""#]),
    Case(schema: #"{"enum":["a",null]}"#, valid: [#""a""#, "null"], invalid: [#""A""#, "1"]),
    Case(schema: #"{"minLength":2,"maxLength":3}"#, valid: [#""ab""#, #""😀😀😀""#, "1"], invalid: [#""a""#, #""abcd""#]),
    Case(schema: #"{"pattern":"^[a-z]+$"}"#, valid: [#""abc""#], invalid: [#""""#, #""aB""#, #""abc\n""#]),
    Case(schema: #"{"pattern":"^[^\\u0000-\\u001F]*$"}"#, valid: [#""ä""#], invalid: [#""a\tb""#]),
    Case(schema: #"{"minimum":-1,"maximum":5}"#, valid: ["-1", "5", #""9""#], invalid: ["-2", "6"]),
    Case(
      schema: #"{"items":{"type":"integer"},"minItems":1,"maxItems":2}"#, valid: ["[1]", "[1,2]"],
      invalid: ["[]", "[1,2,3]", #"["1"]"#]),
    Case(
      schema: #"{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}"#,
      valid: [#"{"a":1}"#], invalid: ["{}", #"{"a":"1"}"#, #"{"a":1,"b":2}"#]),
    Case(
      schema: #"{"type":"object","additionalProperties":{"type":"string"},"maxProperties":1}"#, valid: ["{}", #"{"x":"y"}"#],
      invalid: [#"{"x":1}"#, #"{"x":"y","z":""}"#]),
    Case(
      schema: #"{"type":"object","patternProperties":{"^a":{"type":"string"}},"additionalProperties":false}"#,
      valid: [#"{"ab":"y"}"#], invalid: [#"{"ab":1}"#, #"{"b":"y"}"#]),
    Case(
      schema: #"{"oneOf":[{"type":"string"},{"enum":["b"]},{"type":"null"}]}"#, valid: [#""a""#, "null"],
      invalid: [#""b""#]),
    Case(schema: #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#, valid: [#""a""#, "null"], invalid: ["1"]),
    Case(
      schema: ##"{"$ref":"#/components/schemas/Named","properties":{"name":{"enum":["b"]}}}"##, valid: [#"{"name":"b"}"#],
      invalid: [#"{"name":"a"}"#, #"{"name":1}"#, "{}"]),
    Case(schema: ##"{"$ref":"#/components/schemas/Unknown"}"##, invalid: ["{}"]),
  ]

  private static func components() throws -> [String: JSONSchema] {
    ["Named": try JSONSchema(json(#"{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}"#))]
  }

  @Test(arguments: cases) func `a value is held against every keyword`(_ example: Case) throws {
    let schema = try JSONSchema(Self.json(example.schema))
    for value in example.valid {
      #expect(schema.faults(try Self.json(value), components: try Self.components()) == [], "\(value)")
    }
    for value in example.invalid {
      #expect(!schema.faults(try Self.json(value), components: try Self.components()).isEmpty, "\(value)")
    }
  }

  @Test(arguments: [
    #"{"multipleOf":2}"#, #"{"properties":{"a":{"const":1}}}"#, #"{"items":[{}]}"#, #"{"type":1}"#, #"{"minLength":"1"}"#,
    #"{"pattern":"["}"#, "true", #"{"oneOf":[{"not":{}}]}"#,
  ])
  func `a schema with anything that is not understood is refused`(_ text: String) throws {
    #expect(throws: TestFault.self) { try JSONSchema(Self.json(text)) }
  }

  @Test(arguments: [
    (##"{"$ref":"#/components/schemas/Named"}"##, #"{"name":"a","age":1}"#, ["/age"]),
    (##"{"$ref":"#/components/schemas/Named","properties":{"age":{"type":"integer"}}}"##, #"{"name":"a","age":1}"#, []),
    (
      ##"{"properties":{"all":{"items":{"$ref":"#/components/schemas/Named"}}}}"##, #"{"all":[{"name":"a","b":1}]}"#, ["/all/0/b"]
    ),
    (##"{"anyOf":[{"$ref":"#/components/schemas/Named"},{"type":"null"}]}"##, #"{"name":"a","b":1}"#, ["/b"]),
    (#"{"type":"object","additionalProperties":true}"#, #"{"b":{"c":1}}"#, []),
    (#"{"type":"object"}"#, #"{"b":1}"#, ["/b"]),
  ])
  func `a closed check finds members that no schema names`(_ schema: String, _ value: String, _ places: [String]) throws {
    let schema = try JSONSchema(Self.json(schema))
    let faults = schema.faults(try Self.json(value), components: try Self.components(), isClosed: true)
    #expect(faults == places.map { "\($0): the schema has no such member" })
    #expect(schema.faults(try Self.json(value), components: try Self.components()) == [])
  }
}
