/// An entity tag with its quotes, and perhaps `W/` (RFC 9110, section 8.8.3).
package struct EntityTag: Sendable, Equatable, CustomStringConvertible {
  package let isWeak: Bool
  /// Between the quotes.
  package let opaque: String

  package init(weak: Bool = false, _ opaque: String) {
    isWeak = weak
    self.opaque = opaque
  }

  package var description: String { isWeak ? "W/\"\(opaque)\"" : "\"\(opaque)\"" }

  /// The condition of an If-Match or If-None-Match field.
  package enum Condition: Sendable, Equatable {
    case any
    case oneOf([EntityTag])

    /// Nil for what is neither `*` nor a list of tags.
    package init?(_ field: String) {
      let text = Array(field.utf8)
      if text == [UInt8(ascii: "*")] {
        self = .any
        return
      }
      var tags: [EntityTag] = []
      var index = 0
      var mayFollow = true
      while index < text.count {
        // Empty list elements are allowed (RFC 9110, section 5.6.1).
        if Bytes.isWhiteSpace(text[index]) || text[index] == UInt8(ascii: ",") {
          if text[index] == UInt8(ascii: ",") { mayFollow = true }
          index += 1
          continue
        }
        let isWeak = text[index...].starts(with: "W/".utf8)
        if isWeak { index += 2 }
        guard mayFollow, index < text.count, text[index] == UInt8(ascii: "\"") else { return nil }
        var close = index + 1
        while close < text.count, ByteSet.entityTag.contains(text[close]) || text[close] >= 0x80 { close += 1 }
        guard close < text.count, text[close] == UInt8(ascii: "\"") else { return nil }
        tags.append(EntityTag(weak: isWeak, String(decoding: text[(index + 1)..<close], as: UTF8.self)))
        index = close + 1
        mayFollow = false
      }
      guard !tags.isEmpty else { return nil }
      self = .oneOf(tags)
    }

    /// If-None-Match compares weakly.
    package func matchesWeakly(_ tag: EntityTag) -> Bool {
      switch self {
      case .any: true
      case .oneOf(let tags): tags.contains { $0.opaque == tag.opaque }
      }
    }

    /// If-Match compares strongly.
    package func matchesStrongly(_ tag: EntityTag) -> Bool {
      switch self {
      case .any: true
      case .oneOf(let tags): tags.contains { !$0.isWeak && !tag.isWeak && $0.opaque == tag.opaque }
      }
    }
  }
}
