extension Timestamp {
  /// How many characters the text has.
  package static let textLength = 24

  /// Writes `2026-11-21T04:55:12.345Z` to memory that has room for it: RFC 3339, UTC, milliseconds (rounded down). Years beyond
  /// 0000-9999 are clamped.
  package func write(to text: UnsafeMutablePointer<UInt8>) {
    let clamped = min(max(self, .earliest), .latest)
    let (days, ofDay) = Self.floorDivide(clamped.microseconds, 86_400_000_000)
    let (year, month, day) = Self.civil(fromDays: days)
    let milliseconds = ofDay / 1_000
    Self.write(year, digits: 4, before: "-", to: text)
    Self.write(month, digits: 2, before: "-", to: text + 5)
    Self.write(day, digits: 2, before: "T", to: text + 8)
    Self.write(milliseconds / 3_600_000, digits: 2, before: ":", to: text + 11)
    Self.write(milliseconds / 60_000 % 60, digits: 2, before: ":", to: text + 14)
    Self.write(milliseconds / 1_000 % 60, digits: 2, before: ".", to: text + 17)
    Self.write(milliseconds % 1_000, digits: 3, before: "Z", to: text + 20)
  }

  /// Reads `YYYY-MM-DDTHH:MM:SS[.1-6 digits]Z`, the part of RFC 3339 that the API speaks; no offset but `Z`, no leap second.
  package init?(rfc3339 text: some StringProtocol) {
    self.init(rfc3339: Array(text.utf8))
  }

  /// As `init(rfc3339:)` of a string, from bytes.
  package init?(rfc3339 bytes: [UInt8]) {
    guard bytes.count == 20 || (22...27).contains(bytes.count), bytes.last == UInt8(ascii: "Z"),
      bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]), let day = Self.number(bytes[8..<10]),
      let hour = Self.number(bytes[11..<13]), let minute = Self.number(bytes[14..<16]),
      let second = Self.number(bytes[17..<19]),
      (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year), hour < 24, minute < 60, second < 60
    else { return nil }
    var fraction: Int64 = 0
    if bytes.count > 20 {
      guard bytes[19] == UInt8(ascii: "."), let digits = Self.number(bytes[20..<(bytes.count - 1)]) else { return nil }
      fraction = digits
      for _ in (bytes.count - 21)..<6 { fraction *= 10 }
    }
    let seconds = Self.days(fromYear: year, month: month, day: day) * 86_400 + hour * 3_600 + minute * 60 + second
    self.init(microseconds: seconds * 1_000_000 + fraction)
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      value = value * 10 + Int64(digit - 0x30)
    }
    return value
  }

  @inline(__always)
  private static func write(
    _ value: Int64, digits: Int, before separator: Unicode.Scalar, to text: UnsafeMutablePointer<UInt8>
  ) {
    var rest = UInt64(bitPattern: value)
    for place in (0..<digits).reversed() {
      text[place] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    text[digits] = UInt8(ascii: separator)
  }

  static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  /// Days since 1970-01-01 of a date in the proleptic Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date
  /// algorithms"): years start in March, so that the leap day is the last of its year.
  private static func days(fromYear year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = floorDivide(shifted, 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
