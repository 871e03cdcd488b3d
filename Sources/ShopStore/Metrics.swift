import CoreMetrics

/// Every series that the store emits.
enum StoreMetrics {
  /// How a cached answer was come by; a closed set of labels.
  struct Cache: Sendable {
    let loop = Self.lookups("loop")
    let redis = Self.lookups("redis")
    let rebuilt = Self.lookups("rebuilt")
    /// Somebody else was rebuilding it already.
    let joined = Self.lookups("joined")
    /// Given although too old, the source being out of reach.
    let stale = Self.lookups("stale")
    let off = Self.lookups("off")
    let failed = Self.lookups("failed")
    /// Values in Redis that were not what was once written there.
    let undecodable = Counter(label: "shop_cache_undecodable_total")
    let invalidations = Counter(label: "shop_cache_invalidations_total")

    private static func lookups(_ outcome: String) -> Counter {
      Counter(label: "shop_cache_lookups_total", dimensions: [("outcome", outcome)])
    }
  }
}
