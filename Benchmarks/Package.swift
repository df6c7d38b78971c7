// swift-tools-version: 6.2
import PackageDescription

/// The name by which the compiler knows the package of the library: that of its folder. The benchmarks use declarations of its `package` access.
let library = String(
    (Context.packageDirectory.split(separator: "/").dropLast().last ?? "resmon").lowercased().map { $0.isLetter || $0.isNumber ? $0 : "_" }
)

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
            packageAccess: false,
            swiftSettings: [
                .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .unsafeFlags(["-package-name", library]),
            ]
        ),
    ]
)
