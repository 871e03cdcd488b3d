import JSON
import Shop

extension JSONWriter {
  /// `{"amount": 1999, "currency": "USD"}`.
  package mutating func money(_ money: Money) {
    beginObject()
    key("amount")
    integer(money.amount)
    key("currency")
    currency(money.currency)
    endObject()
  }

  package mutating func money(orNull money: Money?) {
    if let money { self.money(money) } else { null() }
  }

  package mutating func currency(_ currency: Currency) {
    value { bytes in
      bytes.append(UInt8(ascii: "\""))
      currency.append(to: &bytes)
      bytes.append(UInt8(ascii: "\""))
    }
  }

  package mutating func identifier<Kind>(_ id: Identifier<Kind>) {
    value(room: 64) { text in
      text[0] = UInt8(ascii: "\"")
      var count = 1
      for byte in Kind.prefix.utf8 {
        text[count] = byte
        count &+= 1
      }
      id.uuid.writeBase32(to: text + count)
      count &+= UUIDv7.base32Length
      text[count] = UInt8(ascii: "\"")
      return count &+ 1
    }
  }

  package mutating func identifier<Kind>(orNull id: Identifier<Kind>?) {
    if let id { identifier(id) } else { null() }
  }

  /// RFC 3339, UTC, milliseconds, `Z`.
  package mutating func timestamp(_ timestamp: Timestamp) {
    value(room: Timestamp.textLength + 2) { text in
      text[0] = UInt8(ascii: "\"")
      timestamp.write(to: text + 1)
      text[Timestamp.textLength + 1] = UInt8(ascii: "\"")
      return Timestamp.textLength + 2
    }
  }

  package mutating func timestamp(orNull timestamp: Timestamp?) {
    if let timestamp { self.timestamp(timestamp) } else { null() }
  }
}
