import CLinux
import Glibc

/// What a registration asks to hear about.
package struct Interest: OptionSet, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let read = Interest(rawValue: 1)
  package static let write = Interest(rawValue: 2)
}

/// What epoll reported: errors and hang-ups come as readable and writable, so that the next call meets them.
package struct Readiness: OptionSet, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let readable = Readiness(rawValue: 1)
  package static let writable = Readiness(rawValue: 2)
  /// The peer has shut down its writing half, or more.
  package static let peerClosed = Readiness(rawValue: 4)

  init(epoll events: UInt32) {
    var readiness: Readiness = []
    if events & (EPOLLIN.rawValue | EPOLLERR.rawValue | EPOLLHUP.rawValue | EPOLLRDHUP.rawValue) != 0 {
      readiness.insert(.readable)
    }
    if events & (EPOLLOUT.rawValue | EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { readiness.insert(.writable) }
    if events & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 { readiness.insert(.peerClosed) }
    self = readiness
  }
}

/// Edge: told once per change, so read to EAGAIN. Level: told as long as it holds, for descriptors that a C library reads.
package enum Trigger: Sendable { case edge, level }

/// Hears of a descriptor's readiness, always on its loop's thread.
package protocol ReadinessHandler: AnyObject, Sendable {
  nonisolated func ready(_ events: Readiness)
}

/// A descriptor's place in an epoll set; ends with `cancel` (before the descriptor is closed).
///
/// `@unchecked Sendable`: used on its loop's thread only, which each method checks in debug builds.
package final class Registration: @unchecked Sendable {
  private unowned let loop: EventLoop
  let descriptor: Int32
  private let trigger: Trigger
  /// Nil once cancelled: an event of the same batch may still be waiting for this registration.
  private(set) var handler: (any ReadinessHandler)?
  package private(set) var interest: Interest

  init(_ loop: EventLoop, _ descriptor: Int32, _ interest: Interest, _ trigger: Trigger, _ handler: any ReadinessHandler) {
    self.loop = loop
    self.descriptor = descriptor
    self.interest = interest
    self.trigger = trigger
    self.handler = handler
  }

  var event: epoll_event {
    var events: UInt32 = 0
    if interest.contains(.read) { events |= EPOLLIN.rawValue | EPOLLRDHUP.rawValue }
    if interest.contains(.write) { events |= EPOLLOUT.rawValue }
    if trigger == .edge { events |= EPOLLET.rawValue }
    return epoll_event(events: events, data: epoll_data(ptr: Unmanaged.passUnretained(self).toOpaque()))
  }

  package func modify(_ interest: Interest) throws(SystemError) {
    loop.assertInLoop()
    guard interest != self.interest, handler != nil else { return }
    self.interest = interest
    try loop.control(EPOLL_CTL_MOD, self)
  }

  package func cancel() {
    loop.assertInLoop()
    guard handler != nil else { return }
    handler = nil
    loop.remove(self)
  }
}
