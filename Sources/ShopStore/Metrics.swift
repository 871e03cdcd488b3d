import CoreMetrics

/// Every series that the store emits.
enum StoreMetrics {
  /// Which database built a catalogue answer; a closed set of labels.
  struct CatalogueReads: Sendable {
    let reader = Self.reads("reader")
    let writer = Self.reads("writer")
    /// The reader, although perhaps behind: the writer was out of reach.
    let lastResort = Self.reads("last_resort")

    private static func reads(_ source: String) -> Counter {
      Counter(label: "shop_catalogue_reads_total", dimensions: [("source", source)])
    }
  }

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
