import JSON
import Shop

extension Address {
  /// As `StoredJSON.address` reads it back.
  var stored: [UInt8] {
    var json = JSONWriter(capacity: 256)
    json.storedAddress(self)
    return json.finish()
  }
}
