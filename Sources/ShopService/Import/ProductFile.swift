import JSON
import Shop

/// The rows of a merchant's product file, CSV or one JSON object a line, with the place of every field.
package struct ProductFile: Sendable {
  package enum Format: Sendable { case csv, ndjson }

  /// One row and where it is.
  package struct Row: Sendable {
    let line: Int
    let row: ImportRow
    /// Where each column's field begins; those that the file lacks are not there.
    let columns: [String: (line: Int, column: Int)]

    func fault(_ field: String, _ detail: String) -> ImportFault {
      let place = columns[field]
      return ImportFault(line: place?.line ?? line, column: place?.column ?? 0, field: field, detail: detail)
    }
  }

  package let rows: [Row]

  /// Columns that a row cannot do without.
  private static let needed = ["external_id", "sku", "name", "price", "currency", "stock"]

  /// Throws every fault of the form, up to `ImportFaults.most`.
  package init(_ bytes: [UInt8], _ format: Format) throws(ImportFaults) {
    var faults = ImportFaults()
    switch format {
    case .csv: rows = Self.csv(bytes, &faults)
    case .ndjson: rows = Self.lines(bytes, &faults)
    }
    guard faults.all.isEmpty else { throw faults }
  }

  // MARK: CSV

  private static func csv(_ bytes: [UInt8], _ faults: inout ImportFaults) -> [Row] {
    var reader = CSVReader(bytes)
    var rows: [Row] = []
    do {
      guard let header = try reader.next() else {
        faults.add(ImportFault(line: 1, column: 1, field: nil, detail: "the file is empty: its first line names the columns"))
        return []
      }
      guard checkHeader(header, &faults) else { return [] }
      let names = header.map(\.text)
      while !faults.isCutShort, let record = try reader.next() {
        let line = record.first?.line ?? 0
        // A blank line is one empty field.
        if record.count == 1 && record[0].text.isEmpty { continue }
        guard record.count == names.count else {
          let last = record.last
          faults.add(
            ImportFault(
              line: line, column: last?.column ?? 0, field: nil,
              detail: "\(record.count) field\(record.count == 1 ? "" : "s"), the header has \(names.count)"))
          continue
        }
        let fields = Dictionary(zip(names, record)) { first, _ in first }
        append(line, fields.mapValues(\.text), fields.mapValues { ($0.line, $0.column) }, to: &rows)
      }
    } catch {
      // What follows a broken quote cannot be told apart.
      faults.add(ImportFault(line: error.line, column: error.column, field: nil, detail: error.detail))
    }
    return rows
  }

  private static func checkHeader(_ header: [CSVReader.Field], _ faults: inout ImportFaults) -> Bool {
    var seen: Set<String> = []
    for field in header {
      func add(_ detail: String) {
        faults.add(ImportFault(line: field.line, column: field.column, field: field.text, detail: detail))
      }
      if !ImportRow.columns.contains(field.text) {
        add("no such column; known are \(ImportRow.columns.joined(separator: ", "))")
      } else if !seen.insert(field.text).inserted {
        add("the column is there twice")
      }
    }
    for name in needed where !seen.contains(name) {
      faults.add(ImportFault(line: 1, column: 0, field: name, detail: "the column is missing"))
    }
    return faults.all.isEmpty
  }

  private static func append(
    _ line: Int, _ fields: [String: String], _ places: [String: (line: Int, column: Int)], to rows: inout [Row]
  ) {
    guard let row = ImportRow(ImportRow.columns.map { fields[$0] ?? "" }) else { return }
    rows.append(Row(line: line, row: row, columns: places))
  }

  // MARK: A JSON object a line

  private static func lines(_ bytes: [UInt8], _ faults: inout ImportFaults) -> [Row] {
    var rows: [Row] = []
    for (index, slice) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      guard !faults.isCutShort else { break }
      let line = index + 1
      let text = slice.last == 0x0D ? slice.dropLast() : slice
      if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
      do {
        let value = try JSONReader.read(text)
        guard case .object(let object) = value else {
          faults.add(ImportFault(line: line, column: 1, field: nil, detail: "an object is needed, not \(value.kind)"))
          continue
        }
        read(object, line, to: &rows, &faults)
      } catch {
        let column = String(decoding: text.prefix(error.offset), as: UTF8.self).unicodeScalars.count + 1
        faults.add(ImportFault(line: line, column: column, field: nil, detail: "\(error)"))
      }
    }
    return rows
  }

  private static func read(_ object: JSONObject, _ line: Int, to rows: inout [Row], _ faults: inout ImportFaults) {
    var fields: [String: String] = [:]
    var isWhole = true
    for member in object.members {
      func add(_ detail: String) {
        faults.add(ImportFault(line: line, column: 0, field: member.name, detail: detail))
        isWhole = false
      }
      guard ImportRow.columns.contains(member.name) else {
        add("no such member; known are \(ImportRow.columns.joined(separator: ", "))")
        continue
      }
      switch member.value {
      case .null: break
      case .string(let text): fields[member.name] = text
      // Numbers keep their text: 89.99 is never a floating point value.
      case .integer(let number): fields[member.name] = "\(number)"
      case .number(let text): fields[member.name] = text
      default: add("a string or a number is needed, not \(member.value.kind)")
      }
    }
    for name in needed where fields[name] == nil {
      faults.add(ImportFault(line: line, column: 0, field: name, detail: "this is needed"))
      isWhole = false
    }
    if isWhole { append(line, fields, [:], to: &rows) }
  }
}
