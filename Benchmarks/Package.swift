// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nothing in here is ever built for users of the library.
let package = Package(
    name: "Benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "resmon", path: "..")],
    targets: [
        .target(name: "CAllocations"),
        .target(name: "BareFloors", swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "BareFloors", "CAllocations", .product(name: "ResourceContainer", package: "resmon"),
                .product(name: "ResourceMonitoring", package: "resmon"), .product(name: "ResourceDashboard", package: "resmon"),
                .product(name: "ResourceRecording", package: "resmon"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]
        ),
    ]
)
