import CLibPQ

/// Scratch space in which the values of one statement are encoded for libpq; kept and reused by its connection, so that
/// sending allocates nothing once it has grown.
///
/// Not copied: one connection owns it.
final class ParameterBuffer {
  private var storage: UnsafeMutableRawPointer
  private var capacity: Int
  private var count = 0
  private var offsets: [Int] = []
  private(set) var lengths: [Int32] = []
  private(set) var formats: [Int32] = []
  private(set) var pointers: [UnsafePointer<CChar>?] = []

  init(capacity: Int = 512) {
    self.capacity = capacity
    storage = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit { storage.deallocate() }

  /// A large import must not leave its megabytes with every connection for good.
  private static let keptBytes = 256 * 1024

  func encode(_ parameters: [Parameter]) {
    if capacity > Self.keptBytes {
      storage.deallocate()
      capacity = Self.keptBytes
      storage = .allocate(byteCount: capacity, alignment: 16)
    }
    count = 0
    offsets.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
    pointers.removeAll(keepingCapacity: true)
    while formats.count < parameters.count { formats.append(1) }
    for parameter in parameters {
      if case .null = parameter {
        offsets.append(-1)
        lengths.append(0)
        continue
      }
      let start = count
      append(parameter)
      offsets.append(start)
      lengths.append(Int32(clamping: count - start))
    }
    // An empty value still needs an address: NULL is told from it by the pointer.
    let base = UnsafePointer(storage.assumingMemoryBound(to: CChar.self))
    for offset in offsets { pointers.append(offset < 0 ? nil : base + offset) }
  }

  private func append(_ parameter: Parameter) {
    switch parameter {
    case .null: break
    case .bool(let value): append(byte: value ? 1 : 0)
    case .int16(let value): append(value)
    case .int32(let value): append(value)
    case .int64(let value): append(value)
    case .float8(let value): append(value.bitPattern)
    case .text(let value): append(utf8: value)
    case .bytes(let value): append(bytes: value)
    case .uuid(let value): append(value)
    case .timestamp(let value): append(PostgresTime.encode(value))
    case .json(let value):
      append(byte: PostgresFormat.jsonbVersion)
      append(utf8: value)
    case .jsonBytes(let value):
      append(byte: PostgresFormat.jsonbVersion)
      append(bytes: value)
    case .bools(let values): array(values, TypeID.bool) { append(byte: $0 ? 1 : 0) }
    case .int32s(let values): array(values, TypeID.int4) { append($0) }
    case .int64s(let values): array(values, TypeID.int8) { append($0) }
    case .texts(let values): array(values, TypeID.text) { append(utf8: $0) }
    case .uuids(let values): array(values, TypeID.uuid) { append($0) }
    case .timestamps(let values): array(values, TypeID.timestamptz) { append(PostgresTime.encode($0)) }
    case .byteStrings(let values): array(values, TypeID.bytea) { append(bytes: $0) }
    case .optionalInt32s(let values): optionals(values, TypeID.int4) { append($0) }
    case .optionalInt64s(let values): optionals(values, TypeID.int8) { append($0) }
    case .optionalTexts(let values): optionals(values, TypeID.text) { append(utf8: $0) }
    case .optionalUUIDs(let values): optionals(values, TypeID.uuid) { append($0) }
    case .optionalTimestamps(let values): optionals(values, TypeID.timestamptz) { append(PostgresTime.encode($0)) }
    }
  }

  // MARK: Arrays (array_send: dimensions, has-null flag, element type, then size and lower bound of the dimension)

  private func array<Element>(_ values: [Element], _ type: UInt32, _ element: (Element) -> Void) {
    header(values.count, hasNull: false, type)
    for value in values { sized { element(value) } }
  }

  private func optionals<Element>(_ values: [Element?], _ type: UInt32, _ element: (Element) -> Void) {
    header(values.count, hasNull: values.contains { $0 == nil }, type)
    for value in values {
      if let value {
        sized { element(value) }
      } else {
        append(Int32(-1))
      }
    }
  }

  private func header(_ count: Int, hasNull: Bool, _ type: UInt32) {
    append(Int32(count == 0 ? 0 : 1))
    append(Int32(hasNull ? 1 : 0))
    append(type)
    guard count > 0 else { return }
    append(Int32(clamping: count))
    append(Int32(1))
  }

  private func sized(_ body: () -> Void) {
    let position = count
    append(Int32(0))
    body()
    storage.storeBytes(of: Int32(clamping: count - position - 4).bigEndian, toByteOffset: position, as: Int32.self)
  }

  // MARK: Bytes

  private func reserve(_ more: Int) {
    guard count + more > capacity else { return }
    capacity = max(capacity * 2, count + more)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    larger.copyMemory(from: storage, byteCount: count)
    storage.deallocate()
    storage = larger
  }

  private func append(byte: UInt8) {
    reserve(1)
    storage.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count += 1
  }

  private func append<Integer: FixedWidthInteger>(_ value: Integer) {
    let size = MemoryLayout<Integer>.size
    reserve(size)
    storage.storeBytes(of: value.bigEndian, toByteOffset: count, as: Integer.self)
    count += size
  }

  private func append(_ value: UUIDBytes) {
    append(value.high)
    append(value.low)
  }

  private func append(bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

  private func append(utf8 text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  private func append(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress, bytes.count > 0 else { return }
    reserve(bytes.count)
    (storage + count).copyMemory(from: base, byteCount: bytes.count)
    count += bytes.count
  }
}
