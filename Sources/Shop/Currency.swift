/// A currency of ISO 4217 with the number of decimal digits of its minor unit (JPY 0, USD 2, KWD 3).
///
/// A value exists only for an active code, so holding one means that it is valid.
package struct Currency: Hashable, Sendable, CustomStringConvertible {
  /// The three capital letters, first letter in the highest byte, so that order is alphabetical.
  private let packed: UInt32
  /// How many decimal digits the minor unit has: 0 to 4.
  package let exponent: Int

  /// Refuses (nil) whatever is not exactly three capital letters of an active code.
  package init?(_ code: some StringProtocol) {
    self.init(utf8: code.utf8)
  }

  /// As `init(_:)`, from bytes that came over a wire.
  package init?(utf8 bytes: some Sequence<UInt8>) {
    var packed: UInt32 = 0
    var count = 0
    for byte in bytes {
      count += 1
      guard count <= 3, (0x41...0x5A).contains(byte) else { return nil }
      packed = packed << 8 | UInt32(byte)
    }
    guard count == 3, let exponent = Self.exponents[packed] else { return nil }
    self.packed = packed
    self.exponent = Int(exponent)
  }

  private init(known packed: UInt32, exponent: Int) {
    self.packed = packed
    self.exponent = exponent
  }

  package static let usd = Currency(known: 0x555344, exponent: 2)
  package static let eur = Currency(known: 0x455552, exponent: 2)
  package static let gbp = Currency(known: 0x474250, exponent: 2)
  package static let jpy = Currency(known: 0x4A5059, exponent: 0)

  /// The three capital letters.
  package var code: String {
    String(decoding: [UInt8(packed >> 16 & 0xFF), UInt8(packed >> 8 & 0xFF), UInt8(packed & 0xFF)], as: UTF8.self)
  }

  package var description: String { code }

  /// Whether the bytes are its three letters.
  package func hasCode(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count == 3 && UInt32(bytes[0]) << 16 | UInt32(bytes[1]) << 8 | UInt32(bytes[2]) == packed
  }

  /// Minor units in one major unit: 100 for USD.
  package var minorUnitsPerMajor: Int64 {
    [1, 10, 100, 1_000, 10_000][exponent]
  }

  /// Appends the three letters, for writers of bytes.
  package func append(to bytes: inout [UInt8]) {
    bytes.append(UInt8(packed >> 16 & 0xFF))
    bytes.append(UInt8(packed >> 8 & 0xFF))
    bytes.append(UInt8(packed & 0xFF))
  }

  /// Every active currency, by code.
  package static var all: [Currency] {
    exponents.sorted { $0.key < $1.key }.map { Currency(known: $0.key, exponent: Int($0.value)) }
  }
}

extension Currency: Comparable {
  package static func < (left: Currency, right: Currency) -> Bool { left.packed < right.packed }
}

extension Currency {
  /// ISO 4217 list one as of 2026 (BGN, HRK and ANG are gone, XCG and ZWG are in). Metals, units of account without a
  /// minor unit and test codes are left out: nothing can be priced in them.
  private static let codesByExponent: [(exponent: UInt8, codes: String)] = [
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (
      2,
      """
      AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP \
      COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR \
      JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN \
      NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL \
      THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
      """
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
  ]

  private static let exponents: [UInt32: UInt8] = {
    var table: [UInt32: UInt8] = [:]
    for (exponent, codes) in codesByExponent {
      for code in codes.utf8.split(separator: UInt8(ascii: " ")) {
        table[code.reduce(0) { $0 << 8 | UInt32($1) }] = exponent
      }
    }
    return table
  }()
}
