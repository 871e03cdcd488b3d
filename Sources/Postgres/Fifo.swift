/// A queue in an array: what is taken from the front is forgotten when it makes up half of the storage.
struct Fifo<Element> {
  private var storage: [Element?] = []
  private var head = 0

  var count: Int { storage.count - head }
  var isEmpty: Bool { head == storage.count }
  var first: Element? { isEmpty ? nil : storage[head] }

  mutating func append(_ element: Element) { storage.append(element) }

  mutating func popFirst() -> Element? {
    guard !isEmpty else { return nil }
    let element = storage[head]
    storage[head] = nil
    head += 1
    if head == storage.count {
      storage.removeAll(keepingCapacity: true)
      head = 0
    } else if head >= 64 && head * 2 >= storage.count {
      storage.removeFirst(head)
      head = 0
    }
    return element
  }

  mutating func removeAll(where isGone: (Element) -> Bool) {
    var kept: [Element?] = []
    for index in head..<storage.count {
      if let element = storage[index], !isGone(element) { kept.append(element) }
    }
    storage = kept
    head = 0
  }

  func forEach(_ body: (Element) -> Void) {
    for index in head..<storage.count {
      if let element = storage[index] { body(element) }
    }
  }
}
