/// The life of a hold on stock.
package enum HoldState: String, CaseIterable, Sendable {
  /// Until its clock runs out.
  case held
  /// A payment decides; no clock, only its outcome ends it.
  case paying
  case committed
  case fulfilled
  case released
  case expired

  /// How long a hold lasts that a shopper asked for: 15 minutes.
  package static let lifetimeSeconds: Int64 = 900

  /// Whether it still counts in `reserved`.
  package var isLive: Bool { self == .held || self == .paying || self == .committed }
}
