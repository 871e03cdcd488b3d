/// How far an order is sent; derived from its lines' counters, stored nowhere.
package enum FulfilmentStatus: String, CaseIterable, Sendable {
  case unfulfilled
  case partiallyFulfilled = "partially_fulfilled"
  case fulfilled
  case partiallyReturned = "partially_returned"
  case returned

  package init(of lines: [OrderLine]) {
    let wanted = lines.reduce(0) { $0 + $1.quantity - $1.cancelled }
    let fulfilled = lines.reduce(0) { $0 + $1.fulfilled }
    let returned = lines.reduce(0) { $0 + $1.returned }
    if returned > 0 {
      self = returned >= fulfilled ? .returned : .partiallyReturned
    } else if fulfilled > 0 {
      self = fulfilled >= wanted ? .fulfilled : .partiallyFulfilled
    } else {
      self = .unfulfilled
    }
  }
}
