import CLinux
import Glibc

/// How many processors this process may use: the smaller of its affinity mask and its cgroup's CPU quota, at least one.
package enum Processors {
  package static func available() -> Int { max(1, min(affinity(), quota() ?? Int.max)) }

  private static func affinity() -> Int {
    var mask = [UInt8](repeating: 0, count: 1024)
    let written = shop_affinity(&mask, UInt(mask.count))
    return written > 0 ? mask[..<Int(written)].reduce(0) { $0 + $1.nonzeroBitCount } : 1
  }

  /// cgroup v2's `cpu.max` is "QUOTA PERIOD" in microseconds, or "max PERIOD"; v1 has a file for each. A fraction rounds up.
  private static func quota() -> Int? {
    if let line = firstLine("/sys/fs/cgroup/cpu.max") {
      let parts = line.split(separator: " ").map { Int($0) }
      return parts.count == 2 ? ratio(parts[0], parts[1]) : nil
    }
    return ratio(
      firstLine("/sys/fs/cgroup/cpu/cpu.cfs_quota_us").flatMap { Int($0) },
      firstLine("/sys/fs/cgroup/cpu/cpu.cfs_period_us").flatMap { Int($0) })
  }

  private static func ratio(_ quota: Int?, _ period: Int?) -> Int? {
    guard let quota, let period, quota > 0, period > 0 else { return nil }
    return (quota + period - 1) / period
  }

  private static func firstLine(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}
