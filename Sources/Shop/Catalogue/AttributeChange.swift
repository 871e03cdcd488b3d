/// A change of a product's attributes, as a merge patch has it (RFC 7396): what it does not name stays.
package struct AttributeChange: Hashable, Sendable {
  /// Whether all that the product has goes first.
  package var isCleared: Bool
  package var set: [Attribute]
  package var removed: [String]

  package init(isCleared: Bool = false, set: [Attribute] = [], removed: [String] = []) {
    self.isCleared = isCleared
    self.set = set
    self.removed = removed
  }

  /// - Parameter members: nil takes the attribute of the name away.
  package init(merging members: [(name: String, value: String?)]) {
    self.init(
      set: members.compactMap { member in member.value.map { Attribute(name: member.name, value: $0) } },
      removed: members.filter { $0.value == nil }.map(\.name))
  }

  /// Whether nothing is to be changed.
  package var isEmpty: Bool { self == AttributeChange() }

  func checked(at pointer: String, _ faults: inout Faults) -> AttributeChange {
    if set.count + removed.count > Attribute.most { faults.add(pointer, .tooMany, Attribute.countRule) }
    for name in removed where !Attribute.isName(name) {
      faults.add(pointer + "/" + Attribute.escaped(name), .malformed, Attribute.nameRule)
    }
    return AttributeChange(isCleared: isCleared, set: Attribute.checked(set, at: pointer, &faults), removed: removed)
  }
}
