import HTTP
import Shop

/// Reads a query strictly: every name that is sent must be one that the route asks for, once, with a value that can be read.
///
/// Ask for each parameter that the route knows, then call `finish`. For a route that is documented without any, this is done
/// before it is asked.
package struct QueryParameters {
  /// How many elements a page may have, and has where nothing is said.
  package static let limits = 1...100
  package static let usualLimit = 24

  private let items: [Query.Item]
  private var known: Set<String> = []

  /// Refuses with `invalid_parameter` what is not UTF-8 or percent-encoded wrongly, and a name that occurs twice.
  package init(_ request: Request) throws(Refusal) {
    guard let query = Query(request.head.rawQuery) else {
      throw .malformed(.invalidParameter, detail: "The query is not percent-encoded UTF-8.")
    }
    var names: Set<String> = []
    for item in query.items where !names.insert(item.name).inserted {
      throw Self.refusal(item.name, "occurs twice")
    }
    items = query.items
  }

  package mutating func string(_ name: String) -> String? {
    known.insert(name)
    return items.first { $0.name == name }?.value
  }

  /// Digits, perhaps after a minus sign, of a number in the range.
  package mutating func integer(_ name: String, in range: ClosedRange<Int64>) throws(Refusal) -> Int64? {
    guard let text = string(name) else { return nil }
    let digits = text.hasPrefix("-") ? text.utf8.dropFirst() : text.utf8[...]
    guard (1...16).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(text),
      range.contains(number)
    else { throw Self.refusal(name, "must be an integer from \(range.lowerBound) to \(range.upperBound)") }
    return number
  }

  package mutating func bool(_ name: String) throws(Refusal) -> Bool? {
    switch string(name) {
    case nil: return nil
    case "true": return true
    case "false": return false
    default: throw Self.refusal(name, "must be true or false")
    }
  }

  /// One of an enumeration's words.
  package mutating func choice<Choice>(_ name: String, _ type: Choice.Type = Choice.self) throws(Refusal) -> Choice?
  where Choice: RawRepresentable<String> & CaseIterable {
    guard let text = string(name) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw Self.refusal(name, "must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }

  package mutating func identifier<Kind>(_ name: String, _ kind: Kind.Type = Kind.self) throws(Refusal) -> Identifier<Kind>? {
    guard let text = string(name) else { return nil }
    guard let id = Identifier<Kind>(text) else { throw Self.refusal(name, "must be an id that starts with \(Kind.prefix)") }
    return id
  }

  package mutating func currency(_ name: String) throws(Refusal) -> Currency? {
    guard let text = string(name) else { return nil }
    guard let currency = Currency(text) else { throw Self.refusal(name, "must be an active currency code of ISO 4217") }
    return currency
  }

  /// The size of a page.
  package mutating func limit() throws(Refusal) -> Int {
    let range = Int64(Self.limits.lowerBound)...Int64(Self.limits.upperBound)
    return try integer("limit", in: range).map { Int($0) } ?? Self.usualLimit
  }

  /// All of `filter[attribute.NAME]=a,b`.
  package mutating func attributes() throws(Refusal) -> [AttributeFilter] {
    var filters: [AttributeFilter] = []
    for item in items where item.name.hasPrefix("filter[attribute.") && item.name.hasSuffix("]") {
      known.insert(item.name)
      let name = String(item.name.dropFirst("filter[attribute.".count).dropLast())
      let values = item.value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard !name.isEmpty, values.allSatisfy({ !$0.isEmpty }) else {
        throw Self.refusal(item.name, "needs the name of an attribute and values between its commas")
      }
      filters.append(AttributeFilter(name: name, values: values))
    }
    return filters
  }

  /// Refuses with `unknown_parameter` when a name was sent that nobody asked for.
  package func finish() throws(Refusal) {
    guard let unknown = items.first(where: { !known.contains($0.name) }) else { return }
    throw .malformed(.unknownParameter, detail: "There is no parameter \(Self.quoted(unknown.name)) here.")
  }

  static func refusal(_ name: String, _ rule: String) -> Refusal {
    .malformed(.invalidParameter, detail: "The parameter \(quoted(name)) \(rule).")
  }

  /// A name from outside, shortened: the answer should not grow with the question.
  private static func quoted(_ name: String) -> String {
    name.unicodeScalars.count <= 64 ? "“\(name)”" : "“\(String(String.UnicodeScalarView(name.unicodeScalars.prefix(64))))…”"
  }
}
