/// Reads a response's head line by line as its bytes arrive.
struct ResponseHeadParser: Sendable {
  private var lines = LineReader()
  private var start: ResponseStart?
  private var fieldsStart = 0
  private(set) var fields: [FieldSection.Field] = []

  /// The head's length with its empty line and its first line's meaning, or nil while it is incomplete.
  mutating func read(
    _ bytes: [UInt8], from offset: Int, _ limits: ParserLimits
  ) throws(ParseFailure) -> (length: Int, start: ResponseStart)? {
    try bytes.withUnsafeBufferPointer { (buffer) throws(ParseFailure) -> (length: Int, start: ResponseStart)? in
      guard let base = buffer.baseAddress, offset < buffer.count else { return nil }
      return try read(base + offset, buffer.count - offset, limits)
    }
  }

  private mutating func read(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, _ limits: ParserLimits
  ) throws(ParseFailure) -> (length: Int, start: ResponseStart)? {
    if start == nil {
      guard let line = try lines.next(bytes, count, limit: limits.requestLine, tooLong: .fieldsTooLarge) else { return nil }
      start = try ResponseStart(bytes, line)
      fieldsStart = lines.position
    }
    while let start {
      let left = limits.head - (lines.position - fieldsStart) - 2
      guard let line = try lines.next(bytes, count, limit: max(0, left), tooLong: .fieldsTooLarge) else { return nil }
      if line.isEmpty { return (lines.position, start) }
      guard fields.count < limits.fields else { throw .fieldsTooLarge }
      fields.append(try FieldSection.Field(bytes, line))
    }
    return nil
  }
}
