// swift-tools-version: 6.3
import PackageDescription

// Reads top-down as the architecture: each target names all that it may import (docs/architecture.md).

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
]

/// A level of the architecture, and its tests where `Tests/` mirrors it.
func level(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, path: "Tests/\(name)", swiftSettings: strict)
}

let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")

let package = Package(
  name: "shop",
  products: [.executable(name: "shop", targets: ["ShopCommand"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", exact: "1.7.3"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
  ],
  targets: [
    // C libraries: a module map and a shim each.
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CHiredis", pkgConfig: "hiredis", providers: [.apt(["libhiredis-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),

    // The machine: threads, sockets, bytes.
    level("Reactor", ["CLinux", "COpenSSL"]),
    level("HTTP"),
    level("JSON"),
    level("Crypto", ["COpenSSL"]),
    level("Postgres", ["CLibPQ", "Crypto", "Reactor", tracing]),
    level("Redis", ["CHiredis", "Reactor", tracing]),
    level("Admission", ["Reactor"]),
    level("HTTPServer", ["HTTP", "Reactor"]),
    level("HTTPClient", ["HTTP", "Reactor", tracing]),
    level(
      "Telemetry",
      ["JSON", .product(name: "Logging", package: "swift-log"), .product(name: "CoreMetrics", package: "swift-metrics"), tracing]),

    // The shop: rules, storage, wire.
    level("Shop"),
    level(
      "ShopStore",
      ["Shop", "JSON", "Crypto", "Reactor", "Postgres", "Redis", .product(name: "CoreMetrics", package: "swift-metrics")]),
    level(
      "ShopAPI",
      ["Shop", "ShopStore", "Admission", "HTTP", "JSON", "Crypto", .product(name: "CoreMetrics", package: "swift-metrics")]),

    // The program.
    level(
      "ShopService",
      [
        "Reactor", "HTTP", "JSON", "Crypto", "Postgres", "Redis", "Admission", "HTTPServer", "HTTPClient", "Telemetry", "Shop",
        "ShopStore", "ShopAPI", .product(name: "Logging", package: "swift-log"),
        .product(name: "CoreMetrics", package: "swift-metrics"), tracing,
      ]),
    .executableTarget(
      name: "ShopCommand",
      dependencies: [
        "Reactor", "Postgres", "Redis", "Telemetry", "ShopStore", "ShopService",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // What loads a server in the drills and benchmarks of deploy/bench; no part of the shop.
    .executableTarget(
      name: "LoadGenerator", dependencies: ["Reactor", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: strict),

    // Tests mirror Sources; Support starts real servers; Conformance is what the RFCs say of HTTP/1.1, case by case.
    .target(name: "Conformance", path: "Tests/Conformance", swiftSettings: strict),
    .target(name: "Fuzz", dependencies: ["HTTP"], path: "Tests/Fuzz", exclude: ["Corpus"], swiftSettings: strict),
    .target(
      name: "TestSupport",
      dependencies: [
        "Reactor", "HTTP", "JSON", "Postgres", "Redis", "HTTPServer", "Shop", "ShopStore", "ShopAPI", "ShopService", "Telemetry",
      ],
      path: "Tests/Support", swiftSettings: strict),
    tests("Reactor"),
    tests("HTTP", ["Conformance", "Fuzz"]),
    tests("JSON"),
    tests("Crypto"),
    tests("Postgres", ["Reactor", "TestSupport"]),
    tests("Redis", ["Reactor", "TestSupport"]),
    tests("Admission", ["Reactor", "TestSupport"]),
    tests("HTTPServer", ["Conformance", "HTTP", "Reactor", "TestSupport"]),
    tests("HTTPClient", ["HTTP", "HTTPServer", "Reactor", "TestSupport"]),
    tests(
      "Telemetry",
      ["JSON", .product(name: "Logging", package: "swift-log"), .product(name: "CoreMetrics", package: "swift-metrics"), tracing]),
    tests("Shop"),
    tests("ShopStore", ["Postgres", "Reactor", "Redis", "Shop", "TestSupport"]),
    tests("ShopAPI", ["Shop", "ShopStore", "HTTP", "HTTPServer", "JSON", "Crypto", "Reactor", "ShopService", "TestSupport"]),
    tests("ShopService", ["Reactor", "TestSupport"]),
    tests("ShopCommand", ["Postgres", "Reactor", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
