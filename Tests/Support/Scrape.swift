/// What a process says of itself at /metrics.
package struct Scrape: Sendable {
  package let text: String
  /// By name and labels, as they are written.
  private let samples: [(series: Substring, value: Double)]

  package init(_ text: String) {
    self.text = text
    samples = text.split(separator: "\n").compactMap { line in
      guard !line.hasPrefix("#"), let space = line.lastIndex(of: " "),
        let value = Double(line[line.index(after: space)...])
      else { return nil }
      return (line[..<space], value)
    }
  }

  /// The values of all series of this name whose labels hold all of `labels`, and none of `without`.
  package func values(_ name: String, _ labels: String?..., without: String? = nil) -> [Double] {
    samples.filter { sample in
      let parts = sample.series.split(separator: "{", maxSplits: 1)
      let found = parts.count > 1 ? parts[1] : ""
      guard parts[0] == name, labels.compactMap(\.self).allSatisfy({ found.contains($0) }) else { return false }
      return without.map { !found.contains($0) } ?? true
    }.map(\.value)
  }

  package func sum(_ name: String, _ label: String? = nil, without: String? = nil) -> Double {
    values(name, label, without: without).reduce(0, +)
  }
}

extension ServedShop {
  package func scrape() async throws -> Scrape {
    let reply = try await get("/metrics")
    guard reply.status == 200 else { throw TestFault("no metrics: \(reply.text)") }
    return Scrape(reply.text)
  }
}
