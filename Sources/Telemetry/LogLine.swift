import Glibc

/// Builds one log line: a JSON object whose strings cannot break out of it, nor move a terminal's cursor.
package struct LogLine {
  private(set) var bytes: [UInt8]

  /// Begins with time, level and message; the message is a constant, data goes into fields.
  init(level: StaticString, message: String) {
    bytes = []
    bytes.reserveCapacity(320)
    append("{\"time\":\"")
    bytes.append(contentsOf: LogTime.now())
    append("\",\"level\":\"")
    append(level)
    append("\",\"message\":")
    quote(message)
  }

  mutating func field(_ name: StaticString, _ value: String) {
    key(name)
    quote(value)
  }

  mutating func field(_ name: StaticString, _ value: Int) {
    key(name)
    decimal(value)
  }

  mutating func field(named name: String, _ value: String) {
    bytes.append(UInt8(ascii: ","))
    quote(name)
    bytes.append(UInt8(ascii: ":"))
    quote(value)
  }

  /// Milliseconds with three decimals.
  mutating func field(_ name: StaticString, milliseconds microseconds: Int) {
    key(name)
    decimal(microseconds / 1_000)
    bytes.append(UInt8(ascii: "."))
    let fraction = microseconds % 1_000
    for digit in [fraction / 100, fraction / 10 % 10, fraction % 10] { bytes.append(UInt8(0x30 + digit)) }
  }

  consuming func finish() -> [UInt8] {
    bytes.append(contentsOf: [UInt8(ascii: "}"), 0x0A])
    return bytes
  }

  private mutating func append(_ text: StaticString) { text.withUTF8Buffer { bytes.append(contentsOf: $0) } }

  private mutating func key(_ name: StaticString) {
    append(",\"")
    append(name)
    append("\":")
  }

  private mutating func decimal(_ value: Int) {
    if value < 10, value >= 0 {
      bytes.append(UInt8(0x30 + value))
    } else {
      bytes.append(contentsOf: String(value).utf8)
    }
  }

  /// Longer texts are cut here, and end in `…`: one value must not fill the buffer of all.
  static let longestText = 4_096

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { utf8 in
      var end = min(utf8.count, Self.longestText)
      while end < utf8.count, end > 0, utf8[end] & 0xC0 == 0x80 { end -= 1 }
      let kept = UnsafeBufferPointer(rebasing: utf8[..<end])
      // Nearly every text is clean, and is then copied as a whole.
      var suspects: UInt8 = 0
      for byte in kept { suspects |= Self.maySteer(byte) ? 1 : 0 }
      if suspects == 0 { bytes.append(contentsOf: kept) } else { escape(kept) }
      if end < utf8.count { append("…") }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// 0xC2 leads U+0080 to U+00BF, the first 32 of which are control characters too.
  private static func maySteer(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F || byte == 0xC2
  }

  private mutating func escape(_ utf8: UnsafeBufferPointer<UInt8>) {
    var index = 0
    while index < utf8.count {
      let byte = utf8[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0x00...0x1F, 0x7F: escapeCode(byte)
      case 0xC2 where index < utf8.count && utf8[index] < 0xA0:
        escapeCode(utf8[index])
        index += 1
      default: bytes.append(byte)
      }
    }
  }

  private mutating func escapeCode(_ code: UInt8) {
    append("\\u00")
    for digit in [code >> 4, code & 15] { bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
  }
}

/// The time of day as RFC 3339 in UTC with milliseconds; the part up to the second is formatted once a second and thread.
enum LogTime {
  /// `@unchecked`-free: each thread has its own, found by a thread key.
  private final class Cache {
    var second = Int.min
    var text: [UInt8] = []
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { pointer in
      if let pointer { Unmanaged<Cache>.fromOpaque(pointer).release() }
    }
    return key
  }()

  static func now() -> [UInt8] {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let cache: Cache
    if let pointer = pthread_getspecific(key) {
      cache = Unmanaged<Cache>.fromOpaque(pointer).takeUnretainedValue()
    } else {
      cache = Cache()
      pthread_setspecific(key, Unmanaged.passRetained(cache).toOpaque())
    }
    if cache.second != time.tv_sec {
      var parts = tm()
      var seconds = time.tv_sec
      gmtime_r(&seconds, &parts)
      func digits(_ value: Int32, _ count: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
      }
      cache.second = time.tv_sec
      cache.text = Array(
        "\(digits(parts.tm_year + 1_900, 4))-\(digits(parts.tm_mon + 1, 2))-\(digits(parts.tm_mday, 2))T\(digits(parts.tm_hour, 2)):\(digits(parts.tm_min, 2)):\(digits(parts.tm_sec, 2))."
          .utf8)
    }
    var text = cache.text
    let milliseconds = time.tv_nsec / 1_000_000
    for digit in [milliseconds / 100, milliseconds / 10 % 10, milliseconds % 10] { text.append(UInt8(0x30 + digit)) }
    text.append(UInt8(ascii: "Z"))
    return text
  }
}
