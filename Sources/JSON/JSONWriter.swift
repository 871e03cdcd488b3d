/// Writes JSON straight into a byte buffer, so that a response is built once, in place.
///
/// What was written comes out of `finish()` as one array.
/// Commas are the writer's business; balanced `begin…`/`end…` calls and one `key` before each member are the caller's
/// (checked in debug builds). What it writes is valid JSON whatever the strings hold (RFC 8259 section 7).
package struct JSONWriter: ~Copyable {
  var buffer: OutputBuffer
  var needsComma = false

  #if DEBUG
    private var open: [Bool] = []
    private var hasKey = false
  #endif

  /// Goes on after what `bytes` hold.
  package init(appendingTo bytes: [UInt8] = []) {
    buffer = OutputBuffer(capacity: bytes.count + 512)
    buffer.append(contentsOf: bytes)
  }

  package init(capacity: Int) { buffer = OutputBuffer(capacity: capacity) }

  /// How many bytes there are, those from before included.
  package var count: Int { buffer.count }

  /// The bytes that were written.
  package consuming func finish() -> [UInt8] {
    #if DEBUG
      assert(open.isEmpty, "an object or array was left open")
    #endif
    return buffer.bytes
  }

  // MARK: Structure

  package mutating func beginObject() {
    willWriteValue()
    didOpen(object: true)
    buffer.append(UInt8(ascii: "{"))
    needsComma = false
  }

  package mutating func endObject() {
    didClose(object: true)
    buffer.append(UInt8(ascii: "}"))
    needsComma = true
  }

  package mutating func beginArray() {
    willWriteValue()
    didOpen(object: false)
    buffer.append(UInt8(ascii: "["))
    needsComma = false
  }

  package mutating func endArray() {
    didClose(object: false)
    buffer.append(UInt8(ascii: "]"))
    needsComma = true
  }

  /// The name of the next member. It is written as it stands: a literal of ASCII that needs no escape.
  package mutating func key(_ name: StaticString) {
    willWriteKey()
    let hasComma = needsComma
    needsComma = false
    // The quotes, the colon and perhaps a comma with it: names are short, and there are some two thousand of them in a page.
    name.withUTF8Buffer { name in
      buffer.append(room: name.count &+ 4) { text in
        var count = 0
        if hasComma {
          text[0] = UInt8(ascii: ",")
          count = 1
        }
        text[count] = UInt8(ascii: "\"")
        count &+= 1
        for byte in name {
          text[count] = byte
          count &+= 1
        }
        text[count] = UInt8(ascii: "\"")
        text[count &+ 1] = UInt8(ascii: ":")
        return count &+ 2
      }
    }
  }

  /// The name of the next member where names are data (attributes, options).
  package mutating func key(escaping name: String) {
    willWriteKey()
    if needsComma { buffer.append(UInt8(ascii: ",")) }
    needsComma = false
    appendQuoted(name)
    buffer.append(UInt8(ascii: ":"))
  }

  // MARK: Values

  package mutating func string(_ value: String) {
    willWriteValue()
    appendQuoted(value)
    needsComma = true
  }

  /// A string from bytes that are known to be UTF-8, as PostgreSQL's text columns are.
  package mutating func string(utf8 bytes: UnsafeRawBufferPointer) {
    willWriteValue()
    appendQuoted(bytes)
    needsComma = true
  }

  package mutating func string(utf8OrNull bytes: UnsafeRawBufferPointer?) {
    if let bytes { string(utf8: bytes) } else { null() }
  }

  /// A string from bytes that are known to be UTF-8.
  package mutating func string(utf8 bytes: [UInt8]) {
    willWriteValue()
    bytes.withUnsafeBytes { appendQuoted($0) }
    needsComma = true
  }

  /// A string that is written as it stands: ASCII without quotes, backslashes or control characters (ids, states, times).
  package mutating func string(plain value: StaticString) {
    willWriteValue()
    buffer.append(UInt8(ascii: "\""))
    value.withUTF8Buffer { buffer.append(contentsOf: $0) }
    buffer.append(UInt8(ascii: "\""))
    needsComma = true
  }

  package mutating func integer(_ value: Int64) {
    willWriteValue()
    appendDecimal(value)
    needsComma = true
  }

  package mutating func integer(_ value: Int) {
    integer(Int64(value))
  }

  package mutating func bool(_ value: Bool) {
    willWriteValue()
    if value {
      buffer.append(contentsOf: [0x74, 0x72, 0x75, 0x65])
    } else {
      buffer.append(contentsOf: [0x66, 0x61, 0x6C, 0x73, 0x65])
    }
    needsComma = true
  }

  package mutating func null() {
    willWriteValue()
    buffer.append(contentsOf: [0x6E, 0x75, 0x6C, 0x6C])
    needsComma = true
  }

  /// A value that is JSON already, such as a cached view.
  package mutating func raw(_ json: UnsafeRawBufferPointer) {
    willWriteValue()
    buffer.append(contentsOf: json)
    needsComma = true
  }

  /// A value that is JSON already, such as a cached view.
  package mutating func raw(_ json: [UInt8]) {
    willWriteValue()
    buffer.append(contentsOf: json)
    needsComma = true
  }

  /// A value that is JSON already, as text.
  package mutating func raw(text json: String) {
    willWriteValue()
    var json = json
    json.withUTF8 { buffer.append(contentsOf: $0) }
    needsComma = true
  }

  /// A value that the body appends as JSON text itself, for formats that are quicker to write than to pass.
  package mutating func value(_ body: (inout [UInt8]) -> Void) {
    willWriteValue()
    var bytes: [UInt8] = []
    body(&bytes)
    buffer.append(contentsOf: bytes)
    needsComma = true
  }

  /// As `value`, into memory for `room` bytes; the body says how many it wrote.
  @inline(__always)
  package mutating func value(room: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    willWriteValue()
    buffer.append(room: room, body)
    needsComma = true
  }

  // MARK: Bookkeeping

  private mutating func willWriteValue() {
    #if DEBUG
      assert(open.last != true || hasKey, "a value in an object needs a key")
      hasKey = false
    #endif
    if needsComma { buffer.append(UInt8(ascii: ",")) }
  }

  private mutating func willWriteKey() {
    #if DEBUG
      assert(open.last == true && !hasKey, "a key outside an object, or two keys in a row")
      hasKey = true
    #endif
  }

  private mutating func didOpen(object: Bool) {
    #if DEBUG
      open.append(object)
    #endif
  }

  private mutating func didClose(object: Bool) {
    #if DEBUG
      assert(open.popLast() == object && !hasKey, "an end without its beginning, or a key without its value")
    #endif
  }
}

extension JSONWriter {
  /// The string, or null.
  package mutating func string(orNull value: String?) {
    if let value { string(value) } else { null() }
  }

  /// The integer, or null.
  package mutating func integer(orNull value: Int64?) {
    if let value { integer(value) } else { null() }
  }

  /// An object whose members are written by the body.
  package mutating func object<E: Error>(_ members: (inout JSONWriter) throws(E) -> Void) throws(E) {
    beginObject()
    try members(&self)
    endObject()
  }

  /// An array with one element for each of the values, written by the body.
  package mutating func array<S: Sequence, E: Error>(
    _ values: S, _ element: (inout JSONWriter, S.Element) throws(E) -> Void
  ) throws(E) {
    beginArray()
    for value in values { try element(&self, value) }
    endArray()
  }
}
