import JSON
import Postgres
import Shop

/// Reads the shop's own JSON columns back; what does not fit is a fault of the data, never of a client.
struct StoredJSON {
  struct Malformed: Error, CustomStringConvertible {
    let member: String
    var description: String { "a stored document has no usable \(member)" }
  }

  private let object: JSONObject

  init(_ text: [UInt8]) throws {
    guard case .object(let object) = try JSONReader.read(text) else { throw Malformed(member: "object") }
    self.object = object
  }

  private init(_ object: JSONObject) { self.object = object }

  /// A document that is a list of objects.
  static func list(_ text: [UInt8]) throws -> [StoredJSON] {
    guard case .array(let elements) = try JSONReader.read(text) else { throw Malformed(member: "list") }
    return try objects(elements, "element")
  }

  func optionalString(_ name: String) -> String? {
    guard case .string(let text)? = object[name] else { return nil }
    return text
  }

  func string(_ name: String) throws -> String {
    guard let text = optionalString(name) else { throw Malformed(member: name) }
    return text
  }

  func integer(_ name: String) throws -> Int64 {
    guard case .integer(let number)? = object[name] else { throw Malformed(member: name) }
    return number
  }

  func optionalInteger(_ name: String) -> Int64? {
    guard case .integer(let number)? = object[name] else { return nil }
    return number
  }

  func bool(_ name: String) throws -> Bool {
    guard case .bool(let flag)? = object[name] else { throw Malformed(member: name) }
    return flag
  }

  func optionalObject(_ name: String) -> StoredJSON? {
    guard case .object(let object)? = object[name] else { return nil }
    return StoredJSON(object)
  }

  func object(_ name: String) throws -> StoredJSON {
    guard let object = optionalObject(name) else { throw Malformed(member: name) }
    return object
  }

  func objects(_ name: String) throws -> [StoredJSON] {
    guard case .array(let elements)? = object[name] else { throw Malformed(member: name) }
    return try Self.objects(elements, name)
  }

  private static func objects(_ elements: [JSONValue], _ name: String) throws -> [StoredJSON] {
    try elements.map {
      guard case .object(let object) = $0 else { throw Malformed(member: name) }
      return StoredJSON(object)
    }
  }

  /// Empty where the member is not there.
  func strings(_ name: String) -> [String] {
    guard case .array(let elements)? = object[name] else { return [] }
    return elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }

  /// A UUID in its plain form, 8-4-4-4-12.
  func identifier<Kind>(_ name: String, _ kind: Kind.Type = Kind.self) throws -> Identifier<Kind> {
    var digits: [UInt64] = []
    for byte in try string(name).utf8 where byte != UInt8(ascii: "-") {
      switch byte {
      case 0x30...0x39: digits.append(UInt64(byte - 0x30))
      case 0x61...0x66: digits.append(UInt64(byte - 0x61 + 10))
      default: throw Malformed(member: name)
      }
    }
    guard digits.count == 32 else { throw Malformed(member: name) }
    return Identifier<Kind>(
      UUIDv7(high: digits[..<16].reduce(0) { $0 << 4 | $1 }, low: digits[16...].reduce(0) { $0 << 4 | $1 }))
  }

  /// `{"size": "S"}`.
  var optionValues: [OptionValue] {
    object.members.compactMap { member in
      guard case .string(let value) = member.value else { return nil }
      return OptionValue(name: member.name, value: value)
    }
  }

  func address() throws -> Address {
    guard let country = Country(try string("country")) else { throw Malformed(member: "country") }
    return Address(
      name: try string("name"), line1: try string("line1"), line2: optionalString("line2"), city: try string("city"),
      region: optionalString("region"), postalCode: try string("postal_code"), country: country, phone: optionalString("phone"))
  }
}

extension Row {
  func storedJSON(_ column: Int) throws -> StoredJSON? {
    guard let text = try optionalJSONText(column) else { return nil }
    return try StoredJSON(Array(text.utf8))
  }

  func storedCurrency(_ column: Int) throws -> Currency {
    guard let currency = Currency(try string(column)) else { throw StoredJSON.Malformed(member: "currency") }
    return currency
  }

  func storedTimestamp(_ column: Int) throws -> Timestamp { Timestamp(microseconds: try timestamp(column)) }
}

extension JSONWriter {
  mutating func storedAddress(_ address: Address?) {
    guard let address else { return null() }
    beginObject()
    key("name")
    string(address.name)
    key("line1")
    string(address.line1)
    key("line2")
    string(orNull: address.line2)
    key("city")
    string(address.city)
    key("region")
    string(orNull: address.region)
    key("postal_code")
    string(address.postalCode)
    key("country")
    string(address.country.code)
    key("phone")
    string(orNull: address.phone)
    endObject()
  }
}
