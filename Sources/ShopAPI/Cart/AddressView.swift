import JSON
import Shop

/// An address on the wire.
enum AddressView {
  static func write(_ address: Address?, to json: inout JSONWriter) {
    guard let address else { return json.null() }
    json.beginObject()
    json.key("name")
    json.string(address.name)
    json.key("line1")
    json.string(address.line1)
    json.key("line2")
    json.string(orNull: address.line2)
    json.key("city")
    json.string(address.city)
    json.key("region")
    json.string(orNull: address.region)
    json.key("postal_code")
    json.string(address.postalCode)
    json.key("country")
    json.string(address.country.code)
    json.key("phone")
    json.string(orNull: address.phone)
    json.endObject()
  }
}
