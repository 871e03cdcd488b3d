/// Ids as the wire has them, made from those of the database: no part of the program under test is asked.
package enum WireID {
  /// The UUID's 128 bits in groups of five (Crockford's base 32), behind the prefix of its kind.
  package static func text(_ prefix: String, _ uuid: String) throws -> String {
    let digits = Array("0123456789abcdefghjkmnpqrstvwxyz")
    guard var number = UInt128(uuid.replacing("-", with: ""), radix: 16) else { throw TestFault("no UUID: \(uuid)") }
    var text = ""
    for _ in 0..<26 {
      text = String(digits[Int(number & 31)]) + text
      number >>= 5
    }
    return prefix + text
  }
}
