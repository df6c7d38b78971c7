// swift-tools-version: 6.2
import PackageDescription

// A separate package, so that users of the library never build it.
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
