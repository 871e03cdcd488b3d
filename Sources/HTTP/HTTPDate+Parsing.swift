extension HTTPDate {
  /// Reads IMF-fixdate, and the two obsolete forms that must still be understood (RFC 9110, section 5.6.7): RFC 850's with its
  /// two-digit year, and asctime's. Nil for anything else. The weekday is not checked against the date.
  package init?(_ text: String) {
    let words = text.utf8.split(whereSeparator: { $0 == UInt8(ascii: " ") }).map { Array($0) }
    let date: (day: [UInt8], month: [UInt8], year: [UInt8], time: [UInt8])
    switch words.count {
    case 6 where words[5] == Array("GMT".utf8) && words[0].count == 4 && words[0].last == UInt8(ascii: ","):
      guard words[1].count == 2, words[3].count == 4 else { return nil }
      date = (words[1], words[2], words[3], words[4])
    case 4 where words[3] == Array("GMT".utf8) && words[0].last == UInt8(ascii: ","):
      let parts = words[1].split(separator: UInt8(ascii: "-")).map { Array($0) }
      guard parts.count == 3, parts[0].count == 2, parts[2].count == 2 else { return nil }
      date = (parts[0], parts[1], parts[2], words[2])
    case 5 where words[0].count == 3:
      guard words[2].count <= 2, words[4].count == 4 else { return nil }
      date = (words[2], words[1], words[4], words[3])
    default: return nil
    }
    let clock = date.time.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard let day = Self.number(date.day), var year = Self.number(date.year), clock.count == 3,
      let month = Self.months.firstIndex(where: { Array($0.utf8) == date.month }), clock.allSatisfy({ $0.count == 2 }),
      let hour = Self.number(Array(clock[0])), let minute = Self.number(Array(clock[1])),
      let second = Self.number(Array(clock[2])),
      hour < 24, minute < 60, second <= 60
    else { return nil }
    // A two-digit year that would lie far in the future is of the past century.
    if date.year.count == 2 { year += year < 70 ? 2_000 : 1_900 }
    guard day >= 1, day <= Self.days(in: month, of: year) else { return nil }
    self.init(
      secondsSince1970: Self.days(since1970To: year, month + 1, day) * 86_400 + hour * 3_600 + minute * 60 + min(second, 59))
  }

  private static func number(_ digits: [UInt8]) -> Int64? {
    guard !digits.isEmpty, digits.count <= 4, digits.allSatisfy(Bytes.isDigit) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
  }

  private static func days(in month: Int, of year: Int64) -> Int64 {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 1 ? (isLeap ? 29 : 28) : [3, 5, 8, 10].contains(month) ? 30 : 31
  }

  /// By eras of 400 years that begin on 1 March.
  private static func days(since1970To year: Int64, _ month: Int, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * Int64(month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
