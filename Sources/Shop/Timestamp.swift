/// A moment in UTC, in microseconds since 1970-01-01: the resolution of PostgreSQL's `timestamptz`.
package struct Timestamp: Hashable, Sendable {
  package let microseconds: Int64

  package init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  /// Whole milliseconds since 1970, rounded down.
  package var milliseconds: Int64 { Self.floorDivide(microseconds, 1_000).quotient }

  package func adding(microseconds more: Int64) -> Timestamp { Timestamp(microseconds: microseconds + more) }
  package func adding(milliseconds more: Int64) -> Timestamp { adding(microseconds: more * 1_000) }
  package func adding(seconds more: Int64) -> Timestamp { adding(microseconds: more * 1_000_000) }

  /// The years that RFC 3339 can write: 0000 to 9999.
  package static let earliest = Timestamp(microseconds: -62_167_219_200_000_000)
  package static let latest = Timestamp(microseconds: 253_402_300_799_999_999)
}

extension Timestamp: Comparable {
  package static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }
}

extension Timestamp: CustomStringConvertible {
  package var description: String {
    String(unsafeUninitializedCapacity: Self.textLength) { text in
      if let start = text.baseAddress { write(to: start) }
      return Self.textLength
    }
  }
}

/// Tells the time. A port: rules take the moment as a value, services take one of these, tests bring their own.
package protocol WallClock: Sendable {
  var now: Timestamp { get }
}
