import HTTP
import Reactor

/// The client as the proxies in front tell it, by X-Forwarded-For: each appends whom it talks to, so only the last entries that trusted
/// ones wrote say something true. What stands before them anybody can have sent.
enum ForwardedFor {
  /// Nil where no entry tells of anybody but trusted proxies.
  static func client(of head: RequestHead, trusting proxies: [IPNetwork]) -> IPAddress? {
    guard let value = head.combinedField("x-forwarded-for") else { return nil }
    for entry in value.split(separator: ",").reversed() {
      guard let address = address(entry.drop { $0 == " " || $0 == "\t" }) else { return nil }
      if !proxies.contains(where: { $0.contains(address) }) { return address }
    }
    return nil
  }

  /// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`.
  private static func address(_ entry: Substring) -> IPAddress? {
    var text = entry.prefix { $0 != " " && $0 != "\t" }
    if text.first == "[" {
      text = text.dropFirst().prefix { $0 != "]" }
    } else if text.contains("."), let colon = text.lastIndex(of: ":"), !text[..<colon].contains(":") {
      text = text[..<colon]
    }
    return IPAddress(String(text))
  }
}
