/// `uri-host [ ":" port ]` with a host that is not empty (RFC 9110, section 7.2; RFC 3986, section 3.2.2).
enum Authority {
  static func isValid(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard !bytes.isEmpty, bytes.count <= 261 else { return false }
    if bytes.first == UInt8(ascii: "[") {
      guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
      return isIPv6(bytes[(bytes.startIndex + 1)..<close]) && isPort(bytes[(close + 1)...])
    }
    let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
    let host = bytes[..<colon]
    guard !host.isEmpty, isRegName(host) else { return false }
    return isPort(bytes[colon...])
  }

  /// Nothing, or a colon and digits, of which there may be none (RFC 3986, section 3.2.3).
  private static func isPort(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first else { return true }
    let digits = bytes.dropFirst()
    guard first == UInt8(ascii: ":"), digits.allSatisfy(Bytes.isDigit) else { return false }
    return digits.reduce(0) { min($0 * 10 + Int($1 - 0x30), 65_536) } <= 65_535
  }

  private static func isRegName(_ host: ArraySlice<UInt8>) -> Bool {
    var index = host.startIndex
    while index < host.endIndex {
      guard Bytes.isRegName(host[index]) else { return false }
      if host[index] == UInt8(ascii: "%") {
        guard index + 2 < host.endIndex, Bytes.hexValue(host[index + 1]) != nil, Bytes.hexValue(host[index + 2]) != nil else {
          return false
        }
        index += 2
      }
      index += 1
    }
    return true
  }

  /// Eight groups of up to four hex digits, one run of zero groups left out, perhaps an IPv4 address at the end.
  private static func isIPv6(_ bytes: ArraySlice<UInt8>) -> Bool {
    let groups = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard groups.count >= 3, groups.count <= 9 else { return false }
    let empties = groups.indices.filter { groups[$0].isEmpty }
    let elided: Bool
    switch empties {
    case []: elided = false
    case [0, 1] where groups.count > 2, [groups.count - 2, groups.count - 1]: elided = true
    case [0, 1, 2] where groups.count == 3: elided = true
    default:
      guard empties.count == 1, empties[0] > 0, empties[0] < groups.count - 1 else { return false }
      elided = true
    }
    var count = 0
    for (index, group) in groups.enumerated() where !group.isEmpty {
      if group.contains(UInt8(ascii: ".")) {
        guard index == groups.count - 1, isIPv4(group) else { return false }
        count += 2
      } else {
        guard group.count <= 4, group.allSatisfy({ Bytes.hexValue($0) != nil }) else { return false }
        count += 1
      }
    }
    return elided ? count < 8 : count == 8
  }

  private static func isIPv4(_ bytes: ArraySlice<UInt8>) -> Bool {
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        (1...3).contains(part.count) && part.allSatisfy { (0x30...0x39).contains($0) }
          && part.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 255 && (part.count == 1 || part.first != 0x30)
      }
  }
}
