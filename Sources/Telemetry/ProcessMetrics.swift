import Glibc

/// The process as Prometheus's client libraries describe it, read from /proc at each scrape.
package enum ProcessMetrics {
  package static func register(in registry: MetricsRegistry, version: String, role: String) {
    registry.gauge("process_resident_memory_bytes", "Resident memory size in bytes.") { residentBytes() }
    registry.counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.") { cpuSeconds() }
    registry.gauge("process_open_fds", "Number of open file descriptors.") { openDescriptors() }
    registry.gauge("process_max_fds", "Maximum number of open file descriptors.") { maximumDescriptors() }
    let start = startSeconds()
    registry.gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.") { start }
    registry.gauge("shop_build_info", "One, with the version that runs and its role.", [("role", role), ("version", version)]) {
      1
    }
  }

  private static func residentBytes() -> Double {
    let fields = contents("/proc/self/statm").split(separator: " ")
    guard fields.count > 1, let pages = Double(fields[1]) else { return 0 }
    return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
  }

  private static func cpuSeconds() -> Double {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  private static func openDescriptors() -> Double {
    guard let directory = opendir("/proc/self/fd") else { return 0 }
    defer { closedir(directory) }
    var count = -3.0  // ".", ".." and the directory itself
    while readdir(directory) != nil { count += 1 }
    return count
  }

  private static func maximumDescriptors() -> Double {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Double(limit.rlim_cur)
  }

  private static func startSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func contents(_ path: String) -> String {
    guard let file = fopen(path, "re") else { return "" }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 1_024)
    return String(decoding: buffer[..<fread(&buffer, 1, buffer.count, file)], as: UTF8.self)
  }
}
