/// How admission finds its limit, and how long anybody waits for it.
package struct AdmissionSettings: Sendable {
  /// Off: everything is let in.
  package var isOn = true
  /// Requests that one loop works on at a time, at the least, at the start, at the most.
  package var minimum = 8
  package var initial = 32
  package var maximum = 512
  /// How many times as long as on a quiet day an answer may take on average, beside what the last steps of growth add.
  package var tolerance = 1.5
  /// What is answered faster than this is never taken for slow.
  package var quick = Duration.milliseconds(3)
  /// The limit is looked at anew so often.
  package var window = Duration.milliseconds(100)
  /// Who browses may wait so long for a turn, and who has a cart five times as long. A line that does not empty in that time is no
  /// burst: it is closed.
  package var patience = Duration.milliseconds(50)
  /// A closed line opens when nobody was turned away for so long.
  package var calm = Duration.seconds(1)

  package init() {}

  func patience(of priority: Priority) -> Duration { priority == .browsing ? patience : patience * 5 }
}
