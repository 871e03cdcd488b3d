import Postgres
import Shop

/// Reads whole categories.
enum CategoryRows {
  static let columns = "id, parent_id, handle, title, position, version"

  static let all = Statement("all_categories", "SELECT \(columns) FROM catalogue.category ORDER BY position, title, id")

  static func category(_ row: Row) throws(PostgresError) -> Shop.Category {
    guard let handle = Handle(try row.string(2)) else {
      throw .decoding(DecodingFault(column: 2, columnName: "handle", wanted: "handle", reason: .malformed))
    }
    return Shop.Category(
      id: CategoryID(try row.uuid(0)), parent: try row.optionalUUID(1).map { CategoryID($0) }, handle: handle,
      title: try row.string(3), position: Int64(try row.int32(4)), version: try row.int64(5))
  }
}
