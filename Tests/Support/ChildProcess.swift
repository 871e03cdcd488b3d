import Foundation
import Glibc
import Synchronization

/// Another program as a process of the tests: it ends when they end, however they end, and no wait for it is without bound.
///
/// Not Foundation's Process, whose children stay when the tests are killed, and may keep sockets open that the tests have closed.
package final class ChildProcess: Sendable {
  package enum Output: Sendable {
    case kept
    /// A pipe that nobody reads.
    case unread
    case discarded
  }

  /// Where its standard error goes.
  package enum Complaints: Sendable { case shown, withOutput, discarded }

  package let pid: Int32
  /// As waitpid(2) says; nil while it runs.
  private let ended = Mutex<Int32?>(nil)
  private let output: OutputPipe?
  private let input: Mutex<Int32>

  /// - Parameters:
  ///   - hasInput: whether `write` is for its standard input, which is empty otherwise.
  ///   - deathSignal: what it gets when the tests have ended.
  ///   - user: whom it runs as, where the tests run as root.
  package init(
    _ program: String, _ arguments: [String] = [], environment: [String: String] = ProcessInfo.processInfo.environment,
    output kind: Output = .kept, complaints: Complaints = .shown, hasInput: Bool = false, deathSignal: String = "KILL",
    user: String? = nil
  ) throws {
    let identity = user.flatMap { getuid() == 0 ? ["--reuid=\($0)", "--regid=\($0)", "--init-groups"] : nil } ?? []
    let words = ["/usr/bin/setpriv", "--pdeathsig", deathSignal] + identity + [program] + arguments
    let variables = environment.map { "\($0.key)=\($0.value)" }
    let toChild = hasInput ? try Self.pipe() : (read: Self.null, write: -1)
    let fromChild = kind == .discarded ? (read: -1, write: Self.null) : try Self.pipe()
    let errors =
      switch complaints {
      case .shown: STDERR_FILENO
      case .withOutput: fromChild.write
      case .discarded: Self.null
      }
    let (pid, code) = Nursery.shared.run {
      Self.spawn(words, variables, input: toChild.read, output: fromChild.write, errors: errors)
    }
    if hasInput { close(toChild.read) }
    if kind != .discarded { close(fromChild.write) }
    output = kind == .discarded ? nil : OutputPipe(fromChild.read)
    input = Mutex(toChild.write)
    self.pid = pid
    guard code == 0 else {
      ended.withLock { $0 = 0 }
      throw TestFault("\(program) cannot be started: \(String(cString: strerror(code)))")
    }
    if kind == .kept { output?.read() }
  }

  deinit {
    kill()
    endInput()
  }

  private static let null = open("/dev/null", O_RDWR | O_CLOEXEC)

  private static func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { throw TestFault("no pipe: errno \(errno)") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func spawn(
    _ words: [String], _ variables: [String], input: Int32, output: Int32, errors: Int32
  ) -> (pid: Int32, code: Int32) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (from, to) in [(input, STDIN_FILENO), (output, STDOUT_FILENO), (errors, STDERR_FILENO)] {
      posix_spawn_file_actions_adddup2(&actions, from, to)
    }
    // A socket that stays open in a child would keep its port, and clients waiting, after the tests have closed it.
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
      if let number = Int32(name), number > STDERR_FILENO { posix_spawn_file_actions_addclose(&actions, number) }
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigaddset(&signals, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let arguments = words.map { strdup($0) } + [nil]
    let environment = variables.map { strdup($0) } + [nil]
    defer { for text in arguments + environment { free(text) } }
    var pid: Int32 = 0
    let code = posix_spawn(&pid, words[0], &actions, &attributes, arguments, environment)
    return (pid, code)
  }

  // MARK: What it says and is told

  /// What it has written so far.
  package var text: String { output?.text ?? "" }

  package func write(_ text: String) {
    let bytes = Array(text.utf8)
    input.withLock { _ = Glibc.write($0, bytes, bytes.count) }
  }

  /// The end of its standard input.
  package func endInput() {
    input.withLock { input in
      if input >= 0 { close(input) }
      input = -1
    }
  }

  // MARK: The end

  package var isRunning: Bool { status == nil }

  private var status: Int32? {
    ended.withLock { ended in
      var word: Int32 = 0
      if ended == nil, waitpid(pid, &word, WNOHANG) == pid { ended = word }
      return ended
    }
  }

  /// Does nothing to one that has ended, whose number may be another's by now.
  package func send(_ signal: Int32) { if isRunning { Glibc.kill(pid, signal) } }

  /// Ends it without a goodbye, wherever it is.
  package func kill() {
    send(SIGKILL)
    _ = waitForEnd(seconds: 10)
  }

  /// The exit status, or the signal's number as a negative; nil where it still runs after so long.
  package func waitForEnd(seconds: Int) -> Int32? {
    for _ in 0..<(seconds * 500) {
      if let status {
        output?.untilEnd()
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
      }
      usleep(2_000)
    }
    return nil
  }

  /// Runs a program to its end; what it has written, complaints included. Throws when it fails, or takes longer than a minute.
  @discardableResult
  package static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = ProcessInfo.processInfo.environment,
    input: String? = nil, user: String? = nil
  ) throws -> String {
    let child = try ChildProcess(
      program, arguments, environment: environment, complaints: .withOutput, hasInput: input != nil, user: user)
    if let input { child.write(input) }
    child.endInput()
    let status = child.waitForEnd(seconds: 60)
    guard status == 0 else {
      throw TestFault("\(program) \(status.map { "ended with \($0)" } ?? "does not end"): \(child.text.suffix(2_000))")
    }
    return child.text
  }
}

/// Starts processes from one thread that never ends: a child gets its death signal when the thread ends that made it.
private final class Nursery: Sendable {
  static let shared = Nursery()
  private let orders = Mutex<[@Sendable () -> Void]>([])
  private let bell = DispatchSemaphore(value: 0)

  private init() {
    // Writing to a program that has ended is an error, not the end of the tests.
    signal(SIGPIPE, SIG_IGN)
    Thread.detachNewThread { [self] in
      while true {
        bell.wait()
        let order = orders.withLock { $0.removeFirst() }
        order()
      }
    }
  }

  private final class Answer: Sendable {
    let value = Mutex<(pid: Int32, code: Int32)>((0, ECHILD))
    let isGiven = DispatchSemaphore(value: 0)
  }

  func run(_ work: @escaping @Sendable () -> (pid: Int32, code: Int32)) -> (pid: Int32, code: Int32) {
    let answer = Answer()
    orders.withLock {
      $0.append {
        answer.value.withLock { $0 = work() }
        answer.isGiven.signal()
      }
    }
    bell.signal()
    answer.isGiven.wait()
    return answer.value.withLock { $0 }
  }
}

/// Reads a pipe on a thread of its own, for as long as anyone writes.
private final class OutputPipe: Sendable {
  private struct State {
    var bytes: [UInt8] = []
    var isReading = false
  }
  private let descriptor: Int32
  private let state = Mutex(State())

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  var text: String { String(decoding: state.withLock { $0.bytes }, as: UTF8.self) }

  func read() {
    state.withLock { $0.isReading = true }
    Thread.detachNewThread { [self] in
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        state.withLock { $0.bytes.append(contentsOf: buffer[..<count]) }
      }
      state.withLock { $0.isReading = false }
    }
  }

  /// Returns when what the ended process has written is read; bounded, since a child of its own may still hold the pipe.
  func untilEnd() {
    var rounds = 0
    while rounds < 5_000, state.withLock({ $0.isReading }) {
      usleep(1_000)
      rounds += 1
    }
  }
}
