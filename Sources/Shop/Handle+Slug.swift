extension Handle {
  /// The handle that a title suggests: letters without their accents, in lower case, everything else a hyphen.
  ///
  /// Nil when nothing of the title is left, as with a title in a script that has no ASCII form here.
  package init?(slugOf title: some StringProtocol) {
    self.init(slugOf: title, suffix: nil)
  }

  /// As above with `-suffix` at the end, which is never cut off; a title without a slug leaves the suffix alone.
  package init?(slugOf title: some StringProtocol, suffix: String?) {
    let room = suffix.map { Self.longest - $0.utf8.count - 1 } ?? Self.longest
    var slug = Self.slug(of: title, longest: room)
    if let suffix { slug = slug.isEmpty ? suffix : slug + "-" + suffix }
    self.init(slug)
  }

  private static func slug(of title: some StringProtocol, longest: Int) -> String {
    var bytes: [UInt8] = []
    for scalar in title.unicodeScalars {
      switch scalar.value {
      case 0x61...0x7A, 0x30...0x39: bytes.append(UInt8(scalar.value))
      case 0x41...0x5A: bytes.append(UInt8(scalar.value) + 0x20)
      // An apostrophe belongs to its word: "Men's" is "mens". So does a combining accent.
      case 0x27, 0x2019, 0x300...0x36F: continue
      default:
        if let plain = plainForms[scalar] {
          bytes.append(contentsOf: plain.utf8)
        } else if let last = bytes.last, last != UInt8(ascii: "-") {
          bytes.append(UInt8(ascii: "-"))
        }
      }
    }
    bytes = Array(bytes.prefix(max(longest, 0)))
    while bytes.last == UInt8(ascii: "-") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What the letters of European Latin alphabets are without their marks.
  private static let plainForms: [Unicode.Scalar: String] = {
    let groups: [(String, String)] = [
      ("a", "àáâãåāăąÀÁÂÃÅĀĂĄ"), ("ae", "äæÄÆ"), ("c", "çćĉċčÇĆĈĊČ"), ("d", "ďđðĎĐÐ"), ("e", "èéêëēĕėęěÈÉÊËĒĔĖĘĚ"),
      ("g", "ĝğġģĜĞĠĢ"), ("h", "ĥħĤĦ"), ("i", "ìíîïĩīĭįıÌÍÎÏĨĪĬĮİ"), ("j", "ĵĴ"), ("k", "ķĶ"), ("l", "ĺļľŀłĹĻĽĿŁ"),
      ("n", "ñńņňÑŃŅŇ"), ("o", "òóôõōŏőÒÓÔÕŌŎŐ"), ("oe", "öøœÖØŒ"), ("r", "ŕŗřŔŖŘ"), ("s", "śŝşšșŚŜŞŠȘ"), ("ss", "ßẞ"),
      ("t", "ţťŧțŢŤŦȚ"), ("th", "þÞ"), ("u", "ùúûũūŭůűųÙÚÛŨŪŬŮŰŲ"), ("ue", "üÜ"), ("w", "ŵŴ"), ("y", "ýÿŷÝŸŶ"),
      ("z", "źżžŹŻŽ"), ("and", "&"),
    ]
    var forms: [Unicode.Scalar: String] = [:]
    for (plain, letters) in groups {
      for letter in letters.unicodeScalars { forms[letter] = plain }
    }
    return forms
  }()
}
