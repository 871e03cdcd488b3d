/// What a JSON value may be, in the words of JSON Schema 2020-12.
///
/// It has the keywords that the shop's document needs and no others; `write` says how each is spelled.
package struct Schema: Sendable {
  indirect enum Shape: Sendable {
    case text(length: ClosedRange<Int>?, pattern: String?, format: String?)
    case words([String])
    case integer(ClosedRange<Int64>)
    case boolean
    case object([Member], others: Others, most: Int?)
    case list(Schema, count: ClosedRange<Int>?)
    case component(Component)
    /// All that the component has, and more; a member that both have must be right for both.
    case extended(Component, [Member])
    case oneOf([Schema])
  }

  package struct Member: Sendable {
    let name: String
    let schema: Schema
    let isRequired: Bool
  }

  /// The members of an object that have no name of their own in the schema.
  enum Others: Sendable {
    /// A request refuses them.
    case refused
    /// A client must not stumble over them: a later version may add some.
    case ignored
    /// Names are data.
    case any(Schema)
    /// Names that match are data; others are refused.
    case matching(String, Schema)
    /// Whatever there is.
    case anything
  }

  let shape: Shape
  private(set) var isNullable = false
  private(set) var note: String?

  init(_ shape: Shape) { self.shape = shape }

  /// The same, or null.
  package var orNull: Schema {
    var copy = self
    copy.isNullable = true
    return copy
  }

  /// The same with a sentence for the reader.
  package func noted(_ note: String) -> Schema {
    var copy = self
    copy.note = note
    return copy
  }
}

// MARK: Making

extension Schema {
  package static func text(_ length: ClosedRange<Int>? = nil, pattern: String? = nil, format: String? = nil) -> Schema {
    Schema(.text(length: length, pattern: pattern, format: format))
  }

  /// One of these words.
  package static func words(_ words: [String]) -> Schema { Schema(.words(words)) }

  /// One of an enumeration's words.
  package static func choice<Choice>(_ type: Choice.Type) -> Schema
  where Choice: RawRepresentable<String> & CaseIterable { .words(Choice.allCases.map(\.rawValue)) }

  package static func integer(_ range: ClosedRange<Int64>) -> Schema { Schema(.integer(range)) }

  package static let boolean = Schema(.boolean)

  package static func list(_ element: Schema, _ count: ClosedRange<Int>? = nil) -> Schema { Schema(.list(element, count: count)) }

  package static func component(_ component: Component) -> Schema { Schema(.component(component)) }

  package static func component(_ component: Component, with members: KeyValuePairs<String, Schema>) -> Schema {
    Schema(.extended(component, Self.members(members, areRequired: true)))
  }

  package static func oneOf(_ schemas: [Schema]) -> Schema { Schema(.oneOf(schemas)) }

  /// What a view writes: every member is always there.
  package static func view(
    _ members: KeyValuePairs<String, Schema>, sometimes: KeyValuePairs<String, Schema> = [:]
  ) -> Schema {
    let all = Self.members(members, areRequired: true) + Self.members(sometimes, areRequired: false)
    return Schema(.object(all, others: .ignored, most: nil))
  }

  /// What a request takes: these members and no others.
  package static func request(
    _ required: KeyValuePairs<String, Schema> = [:], optional: KeyValuePairs<String, Schema> = [:]
  ) -> Schema {
    let all = Self.members(required, areRequired: true) + Self.members(optional, areRequired: false)
    return Schema(.object(all, others: .refused, most: nil))
  }

  /// An object that something else describes.
  static let anyObject = Schema(.object([], others: .anything, most: nil))

  /// An object whose names are data.
  package static func map(_ values: Schema, names pattern: String? = nil, most: Int? = nil) -> Schema {
    Schema(.object([], others: pattern.map { .matching($0, values) } ?? .any(values), most: most))
  }

  static func members(_ members: KeyValuePairs<String, Schema>, areRequired: Bool) -> [Member] {
    members.map { Member(name: $0.key, schema: $0.value, isRequired: areRequired) }
  }
}
