import Foundation
import Shop
import Testing

@Suite struct TimestampTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (1_795_236_912_345_678, "2026-11-21T04:55:12.345Z"),
    (951_782_400_000_000, "2000-02-29T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
    (253_402_300_799_999_999, "9999-12-31T23:59:59.999Z"), (-62_167_219_200_000_000, "0000-01-01T00:00:00.000Z"),
  ])
  func `a moment is written in UTC with milliseconds`(microseconds: Int64, text: String) {
    #expect(Timestamp(microseconds: microseconds).description == text)
  }

  @Test func `moments that a calendar knows are written as the calendar writes them`() {
    var random = SeededGenerator(seed: 23)
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    for _ in 0..<2_000 {
      let milliseconds = Int64.random(in: -2_208_988_800_000...32_503_680_000_000, using: &random)
      // Half a millisecond more, since Date counts in binary fractions and cuts off.
      let date = Date(timeIntervalSince1970: (Double(milliseconds) + 0.5) / 1_000)
      #expect(Timestamp(microseconds: milliseconds * 1_000).description == date.formatted(style))
    }
  }

  @Test func `a written moment reads back as itself`() throws {
    var random = SeededGenerator(seed: 29)
    for _ in 0..<20_000 {
      let milliseconds = Int64.random(in: -62_167_219_200_000...253_402_300_799_999, using: &random)
      let moment = Timestamp(microseconds: milliseconds * 1_000)
      #expect(Timestamp(rfc3339: moment.description) == moment)
    }
  }

  @Test(arguments: [
    ("2026-11-21T04:55:12Z", 1_795_236_912_000_000), ("2026-11-21T04:55:12.3Z", 1_795_236_912_300_000),
    ("2026-11-21T04:55:12.345678Z", 1_795_236_912_345_678),
  ])
  func `seconds may have none to six decimals`(text: String, microseconds: Int64) {
    #expect(Timestamp(rfc3339: text) == Timestamp(microseconds: microseconds))
  }

  @Test(arguments: [
    "", "2026-11-21", "2026-11-21T04:55:12", "2026-11-21 04:55:12Z", "2026-11-21T04:55:12+00:00", "2026-11-21T04:55:12.Z",
    "2026-11-21T04:55:12.1234567Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z",
    "1900-02-29T00:00:00Z", "20a6-11-21T04:55:12Z", "-026-11-21T04:55:12Z", "2026-11-21t04:55:12z", "2026-11-21T04:55:12.-12Z",
  ])
  func `every other form and every date that does not exist is refused`(text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test func `a moment beyond the years of RFC 3339 is clamped, not garbled`() {
    #expect(Timestamp(microseconds: .max).description == "9999-12-31T23:59:59.999Z")
    #expect(Timestamp(microseconds: .min).description == "0000-01-01T00:00:00.000Z")
  }
}
