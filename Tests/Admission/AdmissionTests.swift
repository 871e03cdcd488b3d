import Reactor
import Synchronization
import TestSupport
import Testing

@testable import Admission

@Suite struct AdmissionTests {
  /// Ten places, whatever happens.
  private func settings(_ change: (inout AdmissionSettings) -> Void = { _ in }) -> AdmissionSettings {
    var settings = AdmissionSettings()
    (settings.minimum, settings.initial, settings.maximum) = (10, 10, 10)
    settings.patience = .seconds(30)
    change(&settings)
    return settings
  }

  /// A door, and requests that stay inside until the gate opens.
  private final class Scene: Sendable {
    let door: Admission
    let gate = Gate()
    private let loop: EventLoop
    /// Priorities in the order in which they came in.
    let inside = Mutex<[Priority]>([])

    init(_ settings: AdmissionSettings) throws {
      loop = try EventLoop(name: "door")
      try loop.start()
      door = Admission(on: loop, settings)
    }

    var underWay: Int { door.statistics.underWay.load(ordering: .relaxed) }
    var waiting: Int { door.statistics.waiting.load(ordering: .relaxed) }

    func ask(
      _ priority: Priority, _ body: @escaping @Sendable (Gate) async throws -> Void = { await $0.pass() }
    ) -> Task<Void, any Error> {
      Task(executorPreference: loop) {
        try await self.door.run(0, priority, deadline: .measured() + .seconds(60), isOverload: { _ in false }) { permit in
          self.inside.withLock { $0.append(priority) }
          try await Permit.$current.withValue(permit) { try await body(self.gate) }
        }
      }
    }

    func end() {
      gate.open()
      loop.stop()
      loop.join()
    }
  }

  private func withScene(_ settings: AdmissionSettings, _ body: (Scene) async throws -> Void) async throws {
    let scene = try Scene(settings)
    let result: Result<Void, any Error>
    do { result = .success(try await body(scene)) } catch { result = .failure(error) }
    scene.end()
    try result.get()
  }

  @Test func `browsing leaves places for carts, and carts for the till`() async throws {
    try await withScene(settings()) { scene in
      var tasks: [Task<Void, any Error>] = []
      func fill(_ priority: Priority, _ count: Int, to places: Int) async throws {
        for _ in 0..<count { tasks.append(scene.ask(priority)) }
        try await until("\(priority) has come in") { scene.underWay == places && scene.waiting == tasks.count - places }
      }
      try await fill(.browsing, 12, to: 8)
      try await fill(.shopping, 3, to: 9)
      try await fill(.checkout, 3, to: 10)
      scene.gate.open()
      for task in tasks { try await task.value }
      // Nobody was turned away, and those who waited came in by their priority.
      let inside = scene.inside.withLock { $0 }
      #expect(inside.prefix(10) == Array(repeating: .browsing, count: 8) + [.shopping, .checkout])
      #expect(inside.dropFirst(10) == [.checkout, .checkout, .shopping, .shopping] + Array(repeating: .browsing, count: 4))
      #expect(scene.underWay == 0)
      #expect(scene.waiting == 0)
      #expect(Priority.allCases.map(scene.door.statistics.admitted) == [12, 3, 3])
    }
  }

  @Test func `who finds no place in time is turned away, and had no effect`() async throws {
    try await withScene(settings { $0.patience = .milliseconds(20) }) { scene in
      let inside = (0..<10).map { _ in scene.ask(.checkout) }
      try await until("all places are taken") { scene.underWay == 10 }
      let late = scene.ask(.browsing)
      let error = await #expect(throws: Overload.self) { try await late.value }
      #expect(error?.reason == .wait)
      #expect(scene.inside.withLock { $0.count } == 10)
      #expect(scene.door.statistics.refused(.browsing, .wait) == 1)
      scene.gate.open()
      for task in inside { try await task.value }
    }
  }

  @Test func `the line is no longer than there are places`() async throws {
    try await withScene(settings()) { scene in
      let tasks = (0..<20).map { scene.ask($0 < 10 ? .checkout : .browsing) }
      try await until("the line is full") { scene.underWay == 10 && scene.waiting == 10 }
      let error = await #expect(throws: Overload.self) { try await scene.ask(.browsing).value }
      #expect(error?.reason == .line)
      scene.gate.open()
      for task in tasks { try await task.value }
    }
  }

  @Test func `a rush at the till waits until all have been served`() async throws {
    try await withScene(settings { $0.patience = .zero }) { scene in
      let tasks = (0..<60).map { _ in scene.ask(.checkout) }
      try await until("ten are served and fifty wait") { scene.underWay == 10 && scene.waiting == 50 }
      scene.gate.open()
      for task in tasks { try await task.value }
      #expect(scene.door.statistics.admitted(.checkout) == 60)
    }
  }

  @Test func `a line that does not empty is closed, and opens again when all is calm`() async throws {
    try await withScene(
      settings {
        $0.patience = .milliseconds(60)
        $0.calm = .milliseconds(100)
      }
    ) { scene in
      let inside = (0..<10).map { _ in scene.ask(.checkout) }
      try await until("all places are taken") { scene.underWay == 10 }
      // One after the other, so that there is always somebody in line.
      try await until("who comes is told at once") {
        _ = scene.ask(.browsing)
        return scene.door.statistics.refused(.browsing, .overload) > 0
      }
      try await until("the line has emptied") { scene.waiting == 0 }
      #expect(await #expect(throws: Overload.self) { try await scene.ask(.browsing).value }?.reason == .overload)
      #expect(scene.waiting == 0)
      scene.gate.open()
      for task in inside { try await task.value }
      // A place that is free is given, closed line or not.
      try await scene.ask(.browsing).value
    }
    try await withScene(
      settings {
        $0.patience = .zero
        $0.calm = .zero
      }
    ) { scene in
      let inside = (0..<10).map { _ in scene.ask(.checkout) }
      try await until("all places are taken") { scene.underWay == 10 }
      // Closed for no time at all: everybody may wait, for no time at all.
      for _ in 0..<5 { #expect(await #expect(throws: Overload.self) { try await scene.ask(.browsing).value }?.reason == .wait) }
      scene.gate.open()
      for task in inside { try await task.value }
    }
  }

  @Test func `who waits for a payment provider has no place meanwhile, and one again after`() async throws {
    try await withScene(settings()) { scene in
      let provider = Gate()
      let paying = (0..<50).map { _ in
        scene.ask(.checkout) { gate in
          await Permit.stepAside { await provider.pass() }
          await gate.pass()
        }
      }
      try await until("all wait for the provider") { provider.waiting == 50 }
      #expect(scene.underWay == 0)
      try await scene.ask(.browsing) { _ in }.value
      provider.open()
      // What was begun is finished, whether there is a place or not.
      try await until("all go on") { scene.gate.waiting == 50 }
      #expect(scene.underWay == 50)
      scene.gate.open()
      for task in paying { try await task.value }
      #expect(scene.underWay == 0)
    }
  }

  @Test func `what fails gives its place back`() async throws {
    struct Failure: Error {}
    try await withScene(settings()) { scene in
      for _ in 0..<30 { await #expect(throws: Failure.self) { try await scene.ask(.browsing) { _ in throw Failure() }.value } }
      #expect(scene.underWay == 0)
    }
  }

  @Test func `switched off, it lets everything in`() async throws {
    try await withScene(settings { $0.isOn = false }) { scene in
      let tasks = (0..<100).map { _ in scene.ask(.browsing) }
      try await until("all are in") { scene.underWay == 100 }
      scene.gate.open()
      for task in tasks { try await task.value }
    }
  }
}
