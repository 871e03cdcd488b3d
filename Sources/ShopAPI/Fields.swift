import HTTP
import JSON
import Shop

/// Reads the members of a JSON object into types, and collects every fault on the way.
///
/// Ask for each member that the request knows, then call `finish`: it refuses with all faults at once (422), among them one
/// for each member that was never asked for. A member that is missing or null reads as nil, which is a fault only after
/// `require`. Each place is told of once, with what was found first.
///
///     var fields = try Fields(context.request)
///     fields.require("variant_id", "quantity")
///     let variant = fields.identifier("variant_id", VariantKind.self)
///     let quantity = fields.integer("quantity", in: CartLimits.quantity)
///     let (variantID, count) = try fields.finish(variant, quantity)
package struct Fields {
  /// More faults than this are not told: the answer to a bad request should not be larger than the request.
  package static let mostFaults = 100

  let object: JSONObject
  let pointer: String
  var known: [String] = []
  private var faults = Faults()
  /// The body is no object at all: that alone is told.
  private let isVoid: Bool

  /// The body of a request. A body that is no object is a fault that `finish` refuses with.
  package init(_ request: Request) throws(RequestFault) {
    self.init(try RequestBody.json(of: request))
  }

  package init(_ value: JSONValue) {
    if case .object(let object) = value {
      self.init(object, at: "")
    } else {
      self.init(nil)
    }
  }

  init(_ object: JSONObject, at pointer: String) {
    self.object = object
    self.pointer = pointer
    isVoid = false
  }

  private init(_ nothing: JSONObject?) {
    object = JSONObject()
    pointer = ""
    isVoid = true
    faults.add("", .mistyped, "The body must be an object.")
  }

  // MARK: Members

  /// Whether the member is there, null or not: what a merge patch changes (RFC 7396).
  package func contains(_ name: String) -> Bool { object[name] != nil }

  /// Whether the member is there and null: what a merge patch removes.
  package func isNull(_ name: String) -> Bool { object[name] == .null }

  /// A fault for each of these members that is missing or null.
  package mutating func require(_ names: String...) {
    for name in names where object[name] == nil || object[name] == .null {
      addFault(name, .required, "This is needed.")
    }
  }

  /// The member, unless it is missing or null; it counts as known from now on.
  mutating func value(_ name: String) -> JSONValue? {
    if !known.contains(name) { known.append(name) }
    let value = object[name]
    return value == .null ? nil : value
  }

  // MARK: Faults

  /// Where a member is, as a JSON pointer into the body.
  package func place(_ name: String) -> String { "\(pointer)/\(JSONPointer.escape(name))" }

  package mutating func addFault(_ name: String, _ code: Fault.Code, _ detail: String) {
    add(Fault(place(name), code, detail))
  }

  package mutating func add(_ fault: Fault) {
    guard !isVoid, faults.all.count < Self.mostFaults, !faults.all.contains(where: { $0.covers(fault) }) else { return }
    faults.add(contentsOf: [fault])
  }

  mutating func mistyped(_ name: String, _ expected: String, _ found: JSONValue) {
    addFault(name, .mistyped, "This must be \(expected), not \(found.article) \(found.kind).")
  }

  /// What a rule makes of the members that were read; where it refuses for their sake, its faults join the others.
  package mutating func check<Value>(_ rule: () throws(Refusal) -> Value) throws(Refusal) -> Value? {
    do {
      return try rule()
    } catch {
      guard case .invalid(let more) = error else { throw error }
      for fault in more { add(fault) }
      return nil
    }
  }

  // MARK: The end

  /// All faults, those of unknown members included.
  package mutating func allFaults() -> [Fault] {
    for name in object.names where !known.contains(name) {
      addFault(name, .unknownMember, "This request has no such member.")
    }
    return faults.all
  }

  /// Refuses with everything that was found.
  package mutating func finish() throws(Refusal) {
    let all = allFaults()
    guard all.isEmpty else { throw .invalid(all) }
  }

  /// As `finish()`, and gives the values of required members without their optionality.
  package mutating func finish<each Value>(_ values: repeat (each Value)?) throws(Refusal) -> (repeat each Value) {
    try finish()
    return try (repeat Self.unwrap(each values))
  }

  /// Nil without a fault means that a member was not required: refusing is safer than trapping.
  private static func unwrap<Value>(_ value: Value?) throws(Refusal) -> Value {
    guard let value else { throw .invalid("", .required, "A member is missing.") }
    return value
  }
}

extension Fault {
  /// Whether nothing is left to say of the other's place: it was told of, or lies within what is of another type altogether.
  fileprivate func covers(_ other: Fault) -> Bool {
    pointer == other.pointer || (code == .mistyped && other.pointer.hasPrefix(pointer + "/"))
  }
}

extension JSONValue {
  fileprivate var article: String {
    switch self {
    case .integer, .array, .object: "an"
    default: "a"
    }
  }
}
