import Reactor

/// The moment by which a command must be done, on the monotonic clock; handlers get it from their route's budget.
package typealias Deadline = Instant
