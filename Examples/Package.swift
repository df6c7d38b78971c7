// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// `RESMON_ADAPTERS=1` adds HummingbirdServer, whose packages take minutes to build.
let hasAdapters = Context.environment["RESMON_ADAPTERS"] == "1"

let hummingbirdServer: [Target] = [
    .executableTarget(
        name: "HummingbirdServer",
        dependencies: [
            .product(name: "ResourceContainer", package: "resmon"),
            .product(name: "ResourceHummingbird", package: "resmon"),
            .product(name: "ResourceMonitoring", package: "resmon"),
            .product(name: "ResourceService", package: "resmon"),
            .product(name: "Hummingbird", package: "hummingbird"),
            .product(name: "Logging", package: "swift-log"),
            .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        ],
        swiftSettings: settings
    )
]

let package = Package(
    name: "Examples",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "resmon", path: "..", traits: hasAdapters ? [.defaults, "Hummingbird"] : [.defaults]),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/apple/swift-log", from: "1.12.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ] + (hasAdapters ? [.package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0")] : []),
    targets: [
        .executableTarget(
            name: "AttachedServer",
            dependencies: [
                .product(name: "ResourceContainer", package: "resmon"),
                .product(name: "ResourceMonitoring", package: "resmon"),
                .product(name: "ResourceRecording", package: "resmon"),
                .product(name: "ResourceAttach", package: "resmon"),
                .product(name: "ResourceAttachService", package: "resmon"),
                .product(name: "ResourceService", package: "resmon"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ClientPool",
            dependencies: [
                .product(name: "ResourceContainer", package: "resmon"),
                .product(name: "ResourceAttach", package: "resmon"),
                .product(name: "ResourceAttachService", package: "resmon"),
                .product(name: "ResourceService", package: "resmon"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "DashboardServer",
            dependencies: [
                .product(name: "ResourceContainer", package: "resmon"),
                .product(name: "ResourceDashboardLive", package: "resmon"),
                .product(name: "SQLiteResources", package: "resmon"),
                .product(name: "FlyingFox", package: "FlyingFox"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "OwnScenario",
            dependencies: [
                .product(name: "ResourceContainer", package: "resmon"),
                .product(name: "ResourceMonitoring", package: "resmon"),
                .product(name: "ResourceScenarios", package: "resmon"),
                .product(name: "ResourceDashboardLive", package: "resmon"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "MetricsServer",
            dependencies: [
                .product(name: "ResourceContainer", package: "resmon"),
                .product(name: "ResourceMonitoring", package: "resmon"),
                .product(name: "ResourceMetrics", package: "resmon"),
                .product(name: "ResourceService", package: "resmon"),
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
    ] + (hasAdapters ? hummingbirdServer : [])
)
