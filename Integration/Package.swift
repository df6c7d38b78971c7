// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that what talks to real servers is built with the traits that make it so, and only that.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "Integration",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "resmon", path: "..", traits: ["Postgres", "Redis"])],
    targets: [
        .target(name: "LoopbackServers", swiftSettings: settings),
        .testTarget(
            name: "PostgresIntegrationTests",
            dependencies: [
                "LoopbackServers",
                .product(name: "ResourceContainer", package: "resmon"),
                .product(name: "ResourceMonitoring", package: "resmon"),
                .product(name: "PostgresResources", package: "resmon"),
                .product(name: "ResourceScenarios", package: "resmon"),
                .product(name: "DemoScenarios", package: "resmon"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "RedisIntegrationTests",
            dependencies: [
                "LoopbackServers",
                .product(name: "ResourceContainer", package: "resmon"),
                .product(name: "ResourceMonitoring", package: "resmon"),
                .product(name: "RedisResources", package: "resmon"),
            ],
            swiftSettings: settings
        ),
    ]
)
