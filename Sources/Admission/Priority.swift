/// What goes first when not all that is asked can be done.
package enum Priority: Int, CaseIterable, Sendable {
  /// Looking around, and beginning a cart.
  case browsing
  /// Going on with a cart; administration.
  case shopping
  /// What makes an order, or asks after one: what was begun is finished.
  case checkout

  package var name: String { "\(self)" }

  /// How much of the limit this one and those below it may fill: the rest stays free for those above.
  var share: Double {
    switch self {
    case .browsing: 0.75
    case .shopping: 0.9
    case .checkout: 1
    }
  }
}
