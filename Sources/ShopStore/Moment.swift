import Shop

/// When a command is given, and by when it must be done.
package struct Moment: Sendable {
  package let now: Timestamp
  package let deadline: Deadline

  package init(now: Timestamp, deadline: Deadline) {
    self.now = now
    self.deadline = deadline
  }
}
