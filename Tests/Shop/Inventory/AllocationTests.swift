import Shop
import Testing

@Suite struct AllocationTests {
  @Test func `the last unit goes to one line, and the other is told what is left`() throws {
    let lines = [Sample.line(1, variant: 7), Sample.line(2, variant: 7)]
    #expect(throws: Refusal.outOfStock([.init(line: 1, variant: Sample.id(7), requested: 1, available: 0)])) {
      try Allocation.allocate(lines, levels: [Sample.level(7, onHand: 1)])
    }
  }

  @Test func `all lines that fall short are named and none is served`() {
    let lines = [Sample.line(1, quantity: 2), Sample.line(2), Sample.line(3, quantity: 4)]
    let levels = [Sample.level(1, onHand: 1), Sample.level(2, onHand: 9)]
    #expect(
      throws: Refusal.outOfStock([
        .init(line: 0, variant: Sample.id(1), requested: 2, available: 1),
        .init(line: 2, variant: Sample.id(3), requested: 4, available: 0),
      ])
    ) { try Allocation.allocate(lines, levels: levels) }
  }

  @Test func `one location with enough is preferred to several`() throws {
    let levels = [Sample.level(1, at: 1, onHand: 2), Sample.level(1, at: 2, onHand: 5), Sample.level(1, at: 3, onHand: 9)]
    let whole = try Allocation.allocate([Sample.line(1, quantity: 4)], levels: levels)
    #expect(whole.holds.map(\.location) == [Sample.id(2)])
    let spread = try Allocation.allocate([Sample.line(1, quantity: 12)], levels: levels)
    #expect(spread.holds.map(\.quantity) == [2, 5, 5])
  }

  @Test func `own holds are taken over and only the difference is reserved`() throws {
    let own = [Allocation.Hold(line: Sample.id(1), variant: Sample.id(1), location: Sample.id(1), quantity: 3)]
    let levels = [Sample.level(1, onHand: 4, reserved: 4)]
    let same = try Allocation.allocate([Sample.line(1, quantity: 3)], levels: levels, own: own)
    #expect(same.changes.isEmpty)
    #expect(same.holds == own)
    let fewer = try Allocation.allocate([Sample.line(1, quantity: 1)], levels: levels, own: own)
    #expect(fewer.changes.map(\.delta) == [-2])
    #expect(throws: Refusal.outOfStock([.init(line: 0, variant: Sample.id(1), requested: 4, available: 3)])) {
      try Allocation.allocate([Sample.line(1, quantity: 4)], levels: levels, own: own)
    }
  }

  @Test func `holds for a variant that left the cart are given back`() throws {
    let own = [Allocation.Hold(line: Sample.id(2), variant: Sample.id(2), location: Sample.id(1), quantity: 3)]
    let levels = [Sample.level(1, onHand: 4), Sample.level(2, onHand: 3, reserved: 3)]
    let allocation = try Allocation.allocate([Sample.line(1)], levels: levels, own: own)
    #expect(allocation.changes.map(\.delta) == [1, -3])
  }

  @Test func `whatever is asked, no level is sold beyond its limit and every line is served whole or not at all`() {
    var random = SeededGenerator(seed: 99)
    for _ in 0..<5_000 {
      let levels = (0..<UInt64.random(in: 1...4, using: &random)).flatMap { variant in
        (0..<UInt64.random(in: 1...3, using: &random)).map { place in
          let onHand = Int64.random(in: 0...6, using: &random)
          let backorder = Int64.random(in: 0...2, using: &random)
          return Sample.level(
            variant, at: place, onHand: onHand, reserved: .random(in: 0...(onHand + backorder), using: &random),
            backorder: backorder)
        }
      }.shuffled(using: &random)
      let lines = (0..<UInt64.random(in: 1...6, using: &random)).map {
        Sample.line($0, variant: .random(in: 0...4, using: &random), quantity: .random(in: 1...5, using: &random))
      }
      guard let allocation = try? Allocation.allocate(lines, levels: levels) else { continue }
      for line in lines {
        #expect(allocation.holds.filter { $0.line == line.id }.reduce(0) { $0 + $1.quantity } == line.quantity)
      }
      for change in allocation.changes {
        let level = levels.first { $0.variant == change.variant && $0.location == change.location }
        #expect(change.delta > 0 && change.delta <= level?.canHold ?? -1)
      }
      let order = allocation.changes.map { [$0.variant.uuid, $0.location.uuid] }
      #expect(zip(order, order.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
      #expect(Set(allocation.holds.map { [$0.line.uuid, $0.location.uuid] }).count == allocation.holds.count)
    }
  }
}
