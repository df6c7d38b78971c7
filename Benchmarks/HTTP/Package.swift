// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

// A separate package, because async-http-client multiplies the time of a build. Neither users of the library nor CI build it.
let package = Package(
    name: "HTTPBenchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "resmon", path: "../.."),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.26.0"),
    ],
    targets: [
        .target(name: "CLoopback", linkerSettings: [.linkedLibrary("curl")]),
        .executableTarget(
            name: "HTTPBenchmarks",
            dependencies: [
                "CLoopback", .product(name: "ResourceContainer", package: "resmon"), .product(name: "HTTPResources", package: "resmon"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ManagedClient",
            dependencies: [
                "CLoopback", .product(name: "ResourceContainer", package: "resmon"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: settings
        ),
    ]
)
