import CLinux
import Glibc

/// Signals as events of a loop (signalfd): no code ever runs in a signal handler.
///
/// `@unchecked Sendable`: on its loop's thread only.
package final class SignalSource: ReadinessHandler, @unchecked Sendable {
  private let descriptor: Descriptor
  private let received: (Int32) -> Void
  private var registration: Registration?

  /// Blocks `signals` for the calling thread and those made after it: call before any other thread is started.
  package static func block(_ signals: [Int32]) {
    var set = signalSet(signals)
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Calls `received` on `loop`, whose thread must be the caller's, for each of `signals`.
  package init(_ signals: [Int32], on loop: EventLoop, received: @escaping (Int32) -> Void) throws(SystemError) {
    var set = signalSet(signals)
    let number = signalfd(-1, &set, Int32(SFD_NONBLOCK | SFD_CLOEXEC))
    guard number >= 0 else { throw .last("signalfd") }
    descriptor = Descriptor(owning: number)
    self.received = received
    registration = try loop.register(number, .read, .level, self)
  }

  package func ready(_ events: Readiness) {
    var info = signalfd_siginfo()
    while read(descriptor.number, &info, MemoryLayout<signalfd_siginfo>.size) == MemoryLayout<signalfd_siginfo>.size {
      received(Int32(info.ssi_signo))
    }
  }

  package func cancel() {
    registration?.cancel()
    registration = nil
  }
}

private func signalSet(_ signals: [Int32]) -> sigset_t {
  var set = sigset_t()
  sigemptyset(&set)
  for signal in signals { sigaddset(&set, signal) }
  return set
}
