/// The rows of arrays of equal length, for statements about any number of things.
enum ArrayRows {
  /// A subquery `alias` of the arrays `$first…`, one for each column and in their order.
  ///
  /// The planner neither sees how long the arrays are, or it would plan each call anew, nor takes them for more than one row, or it
  /// would read through a table that looked small when it was asked, and go on so when it has grown: a limit that it does not know is
  /// a tenth of the ten rows that it expects.
  static func select(_ alias: String, _ columns: KeyValuePairs<String, String>, from first: Int = 1) -> String {
    let arrays = columns.enumerated().map { "(SELECT $\(first + $0.offset)::\($0.element.value)[])" }
    let names = columns.map(\.key).joined(separator: ", ")
    let type = columns.first?.value ?? "uuid"
    return """
      (SELECT * FROM unnest(\(arrays.joined(separator: ", "))) x (\(names)) LIMIT (SELECT cardinality($\(first)::\(type)[]))) \(alias)
      """
  }
}
