import Shop

/// A place in a sorted list: the sort key and id of the element at the edge of a page, and which way to go on from there.
package struct Cursor: Hashable, Sendable {
  package enum Direction: UInt8, Sendable {
    case forward = 0
    case backward = 1
  }

  /// One value of the sort key.
  package enum Key: Hashable, Sendable {
    case integer(Int64)
    case text(String)
    /// Sorts where SQL's NULL does.
    case null
  }

  package let keys: [Key]
  /// Decides between equal keys.
  package let id: UUIDv7
  package let direction: Direction

  package init(keys: [Key], id: UUIDv7, direction: Direction = .forward) {
    self.keys = keys
    self.id = id
    self.direction = direction
  }
}
