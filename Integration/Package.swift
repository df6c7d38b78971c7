// swift-tools-version: 6.2
import PackageDescription

// A separate package, so that only the code for real servers is built with the traits that it needs.

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
