// swift-tools-version: 6.2
import PackageDescription

/// `RESMON_SCHEDULE_POINTS=1` keeps the schedule points of the simulation in a release build, for soak tests.
let isSoak = Context.environment["RESMON_SCHEDULE_POINTS"] == "1"
/// `RESMON_INTEGRATION=1` enables the traits and adds the tests that need PostgreSQL and Redis; see `tools/test-integration`.
let isIntegration = Context.environment["RESMON_INTEGRATION"] == "1"
/// `RESMON_PTHREAD_LOCK=1` builds with the lock that the thread sanitizer understands.
let isSanitized = Context.environment["RESMON_PTHREAD_LOCK"] == "1"
/// `RESMON_DEBUG_INFO=0` builds without debug information, which `.ci/run` does not need and which takes time to write and to link.
let hasDebugInfo = Context.environment["RESMON_DEBUG_INFO"] != "0"

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
        .define("SCHEDULE_POINTS", isSoak ? nil : .when(configuration: .debug)),
    ] + (isSanitized ? [.define("PTHREAD_LOCK")] : []) + (hasDebugInfo ? [] : [.unsafeFlags(["-gnone"])])

func module(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

/// A library of the system. On macOS, pkg-config finds Homebrew's headers and libraries, which are outside the compiler's search paths.
func system(_ name: String, apt: [String], brew: [String], pkgConfig: String) -> Target {
    #if os(macOS)
        .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt(apt), .brew(brew)])
    #else
        .systemLibrary(name: name, providers: [.apt(apt), .brew(brew)])
    #endif
}

/// The tests with servers, and what starts the servers.
let integrationTests: [Target] = [
    .target(name: "LoopbackServers", path: "Tests/LoopbackServers", swiftSettings: settings),
    tests(
        "PostgresIntegrationTests",
        ["LoopbackServers", "ResourceContainer", "ResourceMonitoring", "PostgresResources", "ResourceScenarios", "DemoScenarios"]
    ),
    tests("RedisIntegrationTests", ["LoopbackServers", "ResourceContainer", "ResourceMonitoring", "RedisResources"]),
]

let package = Package(
    name: "resmon",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "resmon", targets: ["resmon"]),
        .library(name: "ResourceContainer", targets: ["ResourceContainer"]),
        .library(name: "ResourceMonitoring", targets: ["ResourceMonitoring"]),
        .library(name: "ResourceRecording", targets: ["ResourceRecording"]),
        .library(name: "ResourceSimulation", targets: ["ResourceSimulation"]),
        .library(name: "ResourceScenarios", targets: ["ResourceScenarios"]),
        .library(name: "DemoScenarios", targets: ["DemoScenarios"]),
        .library(name: "ResourceTesting", targets: ["ResourceTesting"]),
        .library(name: "ResourceDashboard", targets: ["ResourceDashboard"]),
        .library(name: "ResourceDashboardLive", targets: ["ResourceDashboardLive"]),
        .library(name: "ResourceDashboardTesting", targets: ["ResourceDashboardTesting"]),
        .library(name: "SQLiteResources", targets: ["SQLiteResources"]),
        .library(name: "FileResources", targets: ["FileResources"]),
        .library(name: "HTTPResources", targets: ["HTTPResources"]),
        .library(name: "PostgresResources", targets: ["PostgresResources"]),
        .library(name: "RedisResources", targets: ["RedisResources"]),
        .library(name: "ResourceMetrics", targets: ["ResourceMetrics"]),
        .library(name: "ResourceService", targets: ["ResourceService"]),
        .library(name: "ResourceAttach", targets: ["ResourceAttach"]),
        .library(name: "ResourceAttachService", targets: ["ResourceAttachService"]),
        .library(name: "ResourceAttachClient", targets: ["ResourceAttachClient"]),
    ],
    traits: [
        .default(enabledTraits: isIntegration ? ["Postgres", "Redis"] : []),
        .trait(name: "Postgres", description: "PostgresResources, over the system's libpq (Debian: libpq-dev)"),
        .trait(name: "Redis", description: "RedisResources, over the system's hiredis (Debian: libhiredis-dev)"),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/apple/swift-log", from: "1.12.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.10.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        module(
            "ResourceContainer",
            [.product(name: "DequeModule", package: "swift-collections"), .product(name: "HeapModule", package: "swift-collections")]
        ),
        module(
            "ResourceMonitoring",
            [
                "ResourceContainer", .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ]
        ),
        module(
            "ResourceSimulation",
            [
                "ResourceContainer", .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ]
        ),
        module("ResourceRecording", ["ResourceContainer", "ResourceMonitoring"]),
        module("ResourceTesting", ["ResourceContainer", "ResourceSimulation"]),
        module(
            "ResourceDashboard",
            [
                "ResourceContainer", "ResourceMonitoring", "ResourceRecording",
                .product(name: "DequeModule", package: "swift-collections"), .product(name: "Yams", package: "Yams"),
            ]
        ),
        system("CNCurses", apt: ["libncurses-dev"], brew: ["ncurses"], pkgConfig: "ncursesw"),
        .target(name: "CTerminal"),
        module("CursesTerminal", ["CNCurses", "CTerminal", "ResourceDashboard"]),
        module(
            "ResourceDashboardLive",
            ["ResourceContainer", "ResourceMonitoring", "ResourceRecording", "ResourceDashboard", "CursesTerminal"]
        ),
        module(
            "ResourceDashboardTesting",
            ["ResourceContainer", "ResourceMonitoring", "ResourceRecording", "ResourceDashboard", "ResourceSimulation"]
        ),
        module(
            "SQLiteResources",
            [
                "ResourceContainer", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]
        ),
        module("FileResources", ["ResourceContainer"]),
        // On macOS, the SDK contains libcurl.
        system("CCurl", apt: ["libcurl4-openssl-dev"], brew: ["curl"], pkgConfig: "libcurl"),
        module("HTTPResources", ["CCurl", "LocalSockets", "ResourceContainer"]),
        module(
            "SocketReadiness",
            [
                "ResourceContainer",
                .product(name: "FlyingSocks", package: "FlyingFox", condition: .when(traits: ["Postgres", "Redis"])),
            ]
        ),
        // libpq's pkg-config file requires that of OpenSSL.
        system("CLibPQ", apt: ["libpq-dev"], brew: ["libpq", "openssl@3"], pkgConfig: "libpq"),
        module(
            "PostgresResources",
            [
                "ResourceContainer", .target(name: "CLibPQ", condition: .when(traits: ["Postgres"])),
                .target(name: "SocketReadiness", condition: .when(traits: ["Postgres"])),
            ]
        ),
        system("CHiredis", apt: ["libhiredis-dev"], brew: ["hiredis"], pkgConfig: "hiredis"),
        module(
            "RedisResources",
            [
                "ResourceContainer", .target(name: "CHiredis", condition: .when(traits: ["Redis"])),
                .target(name: "SocketReadiness", condition: .when(traits: ["Redis"])),
            ]
        ),
        module(
            "ResourceMetrics",
            [
                "ResourceContainer", "ResourceMonitoring", .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        module(
            "ResourceService",
            [
                "ResourceContainer", .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        module("LocalSockets", ["ResourceContainer"]),
        module("ResourceAttach", ["LocalSockets", "ResourceContainer", "ResourceMonitoring", "ResourceRecording"]),
        module(
            "ResourceAttachService",
            ["ResourceAttach", .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")]
        ),
        module(
            "ResourceAttachClient",
            ["LocalSockets", "ResourceContainer", "ResourceMonitoring", "ResourceRecording", "ResourceDashboard"]
        ),
        module("ResourceScenarios", ["ResourceContainer", "ResourceMonitoring", "ResourceSimulation"]),
        module(
            "DemoScenarios",
            [
                "ResourceContainer", "ResourceMonitoring", "ResourceScenarios", "SQLiteResources", "FileResources", "HTTPResources",
                .target(name: "PostgresResources", condition: .when(traits: ["Postgres"])),
                .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox"),
            ]
        ),
        .executableTarget(
            name: "resmon",
            dependencies: [
                "ResourceContainer", "ResourceMonitoring", "ResourceRecording", "ResourceScenarios", "ResourceDashboard",
                "ResourceDashboardLive", "CursesTerminal", "DemoScenarios", "ResourceAttach", "ResourceAttachClient",
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings
        ),
        tests("ResourceContainerTests", ["ResourceContainer", "ResourceSimulation", "ResourceTesting"]),
        tests("ResourceTestingTests", ["ResourceContainer", "ResourceSimulation", "ResourceTesting"]),
        tests("ResourceMonitoringTests", ["ResourceContainer", "ResourceMonitoring", "ResourceSimulation"]),
        tests(
            "ResourceRecordingTests",
            [
                "ResourceContainer", "ResourceMonitoring", "ResourceRecording", "ResourceScenarios", "ResourceSimulation", "DemoScenarios",
            ],
            exclude: ["Golden"]
        ),
        tests("ResourceSimulationTests", ["ResourceContainer", "ResourceSimulation"]),
        tests(
            "ResourceDashboardTests",
            [
                "ResourceContainer", "ResourceMonitoring", "ResourceDashboard", "ResourceDashboardTesting", "ResourceRecording",
                "ResourceScenarios", "ResourceSimulation", "DemoScenarios",
            ],
            exclude: ["Golden"]
        ),
        tests("CursesTerminalTests", ["CTerminal", "CursesTerminal", "ResourceDashboard"]),
        tests(
            "ResourceDashboardLiveTests",
            [
                "ResourceContainer", "ResourceMonitoring", "ResourceRecording", "ResourceDashboard", "ResourceDashboardLive",
                "CursesTerminal", "ResourceSimulation",
            ]
        ),
        tests(
            "ResourceDashboardTestingTests",
            [
                "ResourceContainer", "ResourceMonitoring", "ResourceDashboard", "ResourceDashboardTesting", "ResourceSimulation",
                "ResourceTesting",
            ],
            exclude: ["Golden"]
        ),
        tests(
            "SQLiteResourcesTests",
            ["ResourceContainer", "SQLiteResources", "ResourceSimulation", .product(name: "GRDB", package: "GRDB.swift")]
        ),
        tests("FileResourcesTests", ["ResourceContainer", "FileResources", "ResourceSimulation"]),
        // A resolver whose lookups of some names do not end, and which counts those of others.
        .target(name: "CStuckResolver", path: "Tests/CStuckResolver"),
        tests(
            "HTTPResourcesTests",
            [
                "CCurl", "CStuckResolver", "LocalSockets", "ResourceContainer", "ResourceMonitoring", "HTTPResources", "ResourceSimulation",
                .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox"),
            ]
        ),
        tests(
            "ResourceMetricsTests",
            [
                "ResourceContainer", "ResourceMonitoring", "ResourceMetrics", "ResourceSimulation",
                .product(name: "Metrics", package: "swift-metrics"), .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "InMemoryLogging", package: "swift-log"),
            ]
        ),
        tests(
            "ResourceServiceTests",
            [
                "ResourceContainer", "ResourceMonitoring", "ResourceService", "ResourceSimulation",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
                .product(name: "InMemoryLogging", package: "swift-log"),
            ]
        ),
        // A process that serves a container, for the tests with real processes.
        .executableTarget(
            name: "AttachTestChild",
            dependencies: ["LocalSockets", "ResourceContainer", "ResourceAttach"],
            path: "Tests/AttachTestChild",
            swiftSettings: settings
        ),
        tests("LocalSocketsTests", ["LocalSockets"]),
        tests(
            "ResourceAttachTests",
            [
                "LocalSockets", "ResourceContainer", "ResourceMonitoring", "ResourceRecording", "ResourceAttach", "ResourceAttachService",
                "ResourceService", "ResourceSimulation", .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ]
        ),
        tests(
            "ResourceAttachClientTests",
            [
                "LocalSockets", "ResourceContainer", "ResourceMonitoring", "ResourceRecording", "ResourceDashboard", "ResourceAttach",
                "ResourceAttachClient", "ResourceSimulation",
            ]
        ),
        tests(
            "DemoScenariosTests",
            ["ResourceContainer", "ResourceMonitoring", "DemoScenarios", "ResourceScenarios", "ResourceSimulation"]
        ),
        tests(
            "ResmonCommandTests",
            [
                "LocalSockets", "ResourceContainer", "ResourceMonitoring", "ResourceRecording", "ResourceScenarios", "ResourceSimulation",
                "ResourceDashboard", "ResourceDashboardLive", "ResourceAttach", "ResourceAttachClient", "CursesTerminal", "DemoScenarios",
                "resmon",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        tests(
            "TerminalTests",
            [
                "ResourceContainer", "ResourceMonitoring", "ResourceRecording", "ResourceDashboard", "ResourceDashboardLive",
                "ResourceAttach",
            ]
        ),
    ]
        // The optimizer of Swift 6.3.1 crashes on one of its coroutines, so soak tests run without it.
        + (isSoak ? [] : [tests("SpecTests", ["ResourceContainer", "ResourceMonitoring", "ResourceSimulation", "FileResources"])])
        + (isIntegration ? integrationTests : [])
)
