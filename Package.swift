// swift-tools-version: 6.2
import PackageDescription

/// `RESMON_SCHEDULE_POINTS=1` keeps the schedule points of the simulation in a release build, for soak tests.
let isSoak = Context.environment["RESMON_SCHEDULE_POINTS"] == "1"
/// `RESMON_INTEGRATION=1` enables the traits and adds the tests that need PostgreSQL, Redis, and packages of Python; see
/// `tools/test-integration`.
let isIntegration = Context.environment["RESMON_INTEGRATION"] == "1"
/// `RESMON_ADAPTERS=1` enables the traits of the adapters and adds the tests that need their packages; see `tools/test-adapters`.
let isAdapters = Context.environment["RESMON_ADAPTERS"] == "1"
/// `RESMON_PTHREAD_LOCK=1` builds with the lock that the thread sanitizer understands.
let isSanitized = Context.environment["RESMON_PTHREAD_LOCK"] == "1"
/// `RESMON_DOCS=1` adds the plugin behind `swift package generate-documentation`, which no target uses.
let hasDocumentationPlugin = Context.environment["RESMON_DOCS"] == "1"

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
        .define("SCHEDULE_POINTS", isSoak ? nil : .when(configuration: .debug)),
    ] + (isSanitized ? [.define("PTHREAD_LOCK")] : [])

/// The default trait: the program, its scenarios, and every library that needs no client library of a database. It is one trait, and enables no
/// other: Swift 6.3 passes the traits to the compiler in random order, and compiles everything again when the order changes.
let standard = "Standard"
/// The traits of libraries that import ResourceMonitoring.
let monitoring: Set<String> = ["Monitoring", "Dashboard", "Metrics", "Service", "Hummingbird", "FlyingFox", "Configuration"]

/// A product of another package. SwiftPM resolves the package only if the default trait or one of `traits` is enabled. The modules without such
/// a product depend on swift-collections only.
func product(_ name: String, _ package: String, _ traits: Set<String> = []) -> Target.Dependency {
    .product(name: name, package: package, condition: .when(traits: traits.union([standard])))
}

/// A product of another package for a library that the default trait does not include.
func optionalProduct(_ name: String, _ package: String, _ traits: Set<String>) -> Target.Dependency {
    .product(name: name, package: package, condition: .when(traits: traits))
}

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
    // A process that serves a container with every kind of figure.
    .executableTarget(
        name: "FleetTestChild",
        dependencies: ["ResourceContainer", "ResourceMonitoring", "ResourceAttach"],
        path: "Tests/FleetTestChild",
        swiftSettings: settings
    ),
    tests(
        "PrometheusIntegrationTests",
        [
            "LocalSockets", "LoopbackServers", "ResourceContainer", "ResourceMonitoring", "ResourceAttachClient", "ResourceExport",
            "ResourceFleet",
        ],
        exclude: ["rules-test.yml", "foreign_shop.py"]
    ),
    tests(
        "FeedIntegrationTests",
        [
            "LocalSockets", "LoopbackServers", "ResourceContainer", "ResourceMonitoring", "ResourceRecording", "ResourceFeed",
            "ResourceDashboard", "ResourceAttachClient",
        ]
    ),
    tests("RedisIntegrationTests", ["LoopbackServers", "ResourceContainer", "ResourceMonitoring", "RedisResources"]),
]

/// The tests of ResourceFlyingFox, whose package is part of every graph.
let flyingFoxTests: [Target] = [
    tests(
        "ResourceFlyingFoxTests",
        [
            "ResourceContainer", "ResourceMonitoring", "ResourceFlyingFox", "ResourceSimulation",
            product("FlyingFox", "FlyingFox"), product("FlyingSocks", "FlyingFox"),
        ]
    )
]

/// The tests of adapters whose packages are built for them only.
let adapterTests: [Target] = [
    tests(
        "ResourceHummingbirdTests",
        [
            "ResourceContainer", "ResourceMonitoring", "ResourceHummingbird", "ResourceSimulation",
            optionalProduct("Hummingbird", "hummingbird", ["Hummingbird"]),
            optionalProduct("HummingbirdTesting", "hummingbird", ["Hummingbird"]), product("Logging", "swift-log"),
        ]
    ),
    tests(
        "ResourceTracingTests",
        [
            "ResourceContainer", "ResourceMonitoring", "ResourceTracing", "ResourceSimulation",
            optionalProduct("Tracing", "swift-distributed-tracing", ["Tracing"]),
            optionalProduct("InMemoryTracing", "swift-distributed-tracing", ["Tracing"]),
        ]
    ),
    tests(
        "HTTPTracingTests",
        [
            "ResourceContainer", "HTTPResources", "HTTPTracing", "ResourceSimulation",
            optionalProduct("Tracing", "swift-distributed-tracing", ["Tracing"]),
            optionalProduct("InMemoryTracing", "swift-distributed-tracing", ["Tracing"]),
        ]
    ),
    tests(
        "ResourceConfigurationTests",
        [
            "ResourceContainer", "ResourceMonitoring", "ResourceConfiguration", "SQLiteResources", "FileResources", "HTTPResources",
            "PostgresResources", "RedisResources", optionalProduct("Configuration", "swift-configuration", ["Configuration"]),
            product("Logging", "swift-log"),
        ]
    ),
]

/// The traits that the tests need.
let testedTraits: Set<String> = Set(isIntegration || isAdapters ? ["Postgres", "Redis", "FlyingFox"] : [])
    .union(isAdapters ? ["Hummingbird", "Tracing", "Configuration"] : [])

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
        .library(name: "ResourceHummingbird", targets: ["ResourceHummingbird"]),
        .library(name: "ResourceFlyingFox", targets: ["ResourceFlyingFox"]),
        .library(name: "ResourceTracing", targets: ["ResourceTracing"]),
        .library(name: "HTTPTracing", targets: ["HTTPTracing"]),
        .library(name: "ResourceConfiguration", targets: ["ResourceConfiguration"]),
        .library(name: "ResourceAttach", targets: ["ResourceAttach"]),
        .library(name: "ResourceAttachService", targets: ["ResourceAttachService"]),
        .library(name: "ResourceAttachClient", targets: ["ResourceAttachClient"]),
    ],
    traits: [
        .default(enabledTraits: testedTraits.union([standard])),
        .trait(
            name: standard,
            description: "Monitoring, Dashboard, SQLite, Metrics, and Service, the program, and its scenarios"
        ),
        .trait(name: "Monitoring", description: "ResourceMonitoring, ResourceRecording, ResourceAttach, and ResourceScenarios"),
        .trait(name: "Dashboard", description: "ResourceDashboard, its Live and Testing libraries, ResourceAttachClient, and Monitoring"),
        .trait(name: "SQLite", description: "SQLiteResources, over GRDB and the system's SQLite (Debian: libsqlite3-dev)"),
        .trait(name: "Metrics", description: "ResourceMetrics, over swift-metrics and swift-log, and Monitoring"),
        .trait(name: "Service", description: "ResourceService and ResourceAttachService, over swift-service-lifecycle, and Monitoring"),
        .trait(name: "Postgres", description: "PostgresResources, over the system's libpq (Debian: libpq-dev)"),
        .trait(name: "Redis", description: "RedisResources, over the system's hiredis (Debian: libhiredis-dev)"),
        .trait(name: "Hummingbird", description: "ResourceHummingbird, for servers of the package hummingbird, and Monitoring"),
        .trait(name: "FlyingFox", description: "ResourceFlyingFox, for servers of the package FlyingFox, and Monitoring"),
        .trait(name: "Tracing", description: "ResourceTracing and HTTPTracing, over swift-distributed-tracing"),
        .trait(name: "Configuration", description: "ResourceConfiguration, over swift-configuration, and Monitoring"),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/apple/swift-log", from: "1.12.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.10.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        // The adapter needs no provider beyond the built-in ones.
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
    ] + (hasDocumentationPlugin ? [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0")] : []),
    targets: [
        module(
            "ResourceContainer",
            [.product(name: "DequeModule", package: "swift-collections"), .product(name: "HeapModule", package: "swift-collections")]
        ),
        module(
            "ResourceMonitoring",
            [
                "ResourceContainer", .product(name: "DequeModule", package: "swift-collections"),
                product("Histogram", "hdrhistogram-swift", monitoring),
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
                .product(name: "DequeModule", package: "swift-collections"), product("Yams", "Yams", ["Dashboard"]),
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
                "ResourceContainer", product("GRDB", "GRDB.swift", ["SQLite"]),
                product("GRDBSQLite", "GRDB.swift", ["SQLite"]),
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
                optionalProduct("FlyingSocks", "FlyingFox", ["Postgres", "Redis"]),
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
                "ResourceContainer", "ResourceMonitoring", product("Metrics", "swift-metrics", ["Metrics"]),
                product("Logging", "swift-log", ["Metrics"]),
            ]
        ),
        module(
            "ResourceService",
            [
                "ResourceContainer", product("ServiceLifecycle", "swift-service-lifecycle", ["Service"]),
                product("Logging", "swift-log", ["Service"]),
            ]
        ),
        module("ResourceTracing", ["ResourceContainer", optionalProduct("Tracing", "swift-distributed-tracing", ["Tracing"])]),
        module(
            "HTTPTracing",
            ["ResourceContainer", "HTTPResources", optionalProduct("Tracing", "swift-distributed-tracing", ["Tracing"])]
        ),
        module(
            "ResourceConfiguration",
            [
                "ResourceContainer", "ResourceMonitoring", "FileResources", "HTTPResources",
                .target(name: "SQLiteResources", condition: .when(traits: ["SQLite", standard])),
                .target(name: "PostgresResources", condition: .when(traits: ["Postgres"])),
                .target(name: "RedisResources", condition: .when(traits: ["Redis"])),
                optionalProduct("Configuration", "swift-configuration", ["Configuration"]),
            ]
        ),
        module("WebAdapters", ["ResourceContainer", "ResourceMonitoring"]),
        module(
            "ResourceHummingbird",
            [
                "ResourceContainer", "ResourceMonitoring", .target(name: "WebAdapters", condition: .when(traits: ["Hummingbird"])),
                optionalProduct("Hummingbird", "hummingbird", ["Hummingbird"]),
            ]
        ),
        module(
            "ResourceFlyingFox",
            [
                "ResourceContainer", "ResourceMonitoring", .target(name: "WebAdapters", condition: .when(traits: ["FlyingFox"])),
                optionalProduct("FlyingFox", "FlyingFox", ["FlyingFox"]), optionalProduct("FlyingSocks", "FlyingFox", ["FlyingFox"]),
            ]
        ),
        module("ResourceFeed", ["ResourceContainer", "ResourceMonitoring", "ResourceRecording"]),
        module("LocalSockets", ["ResourceContainer"]),
        module("ResourceAttach", ["LocalSockets", "ResourceContainer", "ResourceMonitoring", "ResourceRecording"]),
        module(
            "ResourceAttachService",
            ["ResourceAttach", product("ServiceLifecycle", "swift-service-lifecycle", ["Service"])]
        ),
        module(
            "ResourceAttachClient",
            ["LocalSockets", "ResourceContainer", "ResourceMonitoring", "ResourceRecording", "ResourceFeed", "ResourceDashboard"]
        ),
        module(
            "ResourceExport",
            ["LocalSockets", "ResourceContainer", "ResourceMonitoring", "ResourceRecording", "ResourceDashboard", "ResourceAttachClient"]
        ),
        // The commands use it. It is not a product.
        module("ResourceFleet", ["HTTPResources", "ResourceContainer", "ResourceMonitoring", "ResourceDashboard", "ResourceRecording"]),
        module("ResourceScenarios", ["ResourceContainer", "ResourceMonitoring", "ResourceSimulation"]),
        module(
            "DemoScenarios",
            [
                "ResourceContainer", "ResourceMonitoring", "ResourceScenarios", "SQLiteResources", "FileResources", "HTTPResources",
                .target(name: "PostgresResources", condition: .when(traits: ["Postgres"])),
                product("FlyingFox", "FlyingFox"), product("FlyingSocks", "FlyingFox"),
            ]
        ),
        .executableTarget(
            name: "resmon",
            dependencies: [
                "ResourceContainer", "ResourceMonitoring", "ResourceRecording", "ResourceScenarios", "ResourceDashboard",
                "ResourceDashboardLive", "CursesTerminal", "DemoScenarios", "ResourceAttach", "ResourceAttachClient", "ResourceExport",
                "ResourceFeed", "ResourceFleet",
                product("UnixSignals", "swift-service-lifecycle"),
                product("ArgumentParser", "swift-argument-parser"),
                product("Yams", "Yams"),
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
        tests("ResourceFeedTests", ["ResourceContainer", "ResourceMonitoring", "ResourceRecording", "ResourceFeed", "ResourceSimulation"]),
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
            ["ResourceContainer", "SQLiteResources", "ResourceSimulation", product("GRDB", "GRDB.swift", ["SQLite"])]
        ),
        tests("FileResourcesTests", ["ResourceContainer", "FileResources", "ResourceSimulation"]),
        // A resolver whose lookups of some names do not end, and which counts those of others.
        .target(name: "CStuckResolver", path: "Tests/CStuckResolver"),
        tests(
            "HTTPResourcesTests",
            [
                "CCurl", "CStuckResolver", "LocalSockets", "ResourceContainer", "ResourceMonitoring", "HTTPResources", "ResourceSimulation",
                product("FlyingFox", "FlyingFox"), product("FlyingSocks", "FlyingFox"),
            ]
        ),
        tests(
            "ResourceMetricsTests",
            [
                "ResourceContainer", "ResourceMonitoring", "ResourceMetrics", "ResourceSimulation",
                product("Metrics", "swift-metrics", ["Metrics"]), product("MetricsTestKit", "swift-metrics", ["Metrics"]),
                product("Logging", "swift-log", ["Metrics"]),
                product("InMemoryLogging", "swift-log", ["Metrics"]),
            ]
        ),
        tests(
            "ResourceServiceTests",
            [
                "ResourceContainer", "ResourceMonitoring", "ResourceService", "ResourceSimulation",
                product("ServiceLifecycle", "swift-service-lifecycle", ["Service"]),
                product("Logging", "swift-log", ["Service"]),
                product("ServiceLifecycleTestKit", "swift-service-lifecycle", ["Service"]),
                product("InMemoryLogging", "swift-log", ["Service"]),
            ]
        ),
        tests("WebAdaptersTests", ["ResourceContainer", "ResourceMonitoring", "ResourceSimulation", "WebAdapters"]),
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
                "ResourceService", "ResourceSimulation", product("ServiceLifecycle", "swift-service-lifecycle", ["Service"]),
                product("Logging", "swift-log", ["Service"]),
                product("ServiceLifecycleTestKit", "swift-service-lifecycle", ["Service"]),
            ]
        ),
        tests(
            "ResourceAttachClientTests",
            [
                "LocalSockets", "ResourceContainer", "ResourceMonitoring", "ResourceRecording", "ResourceDashboard", "ResourceAttach",
                "ResourceAttachClient", "ResourceFeed", "ResourceSimulation",
            ]
        ),
        tests(
            "ResourceExportTests",
            [
                "LocalSockets", "ResourceContainer", "ResourceMonitoring", "ResourceDashboard", "ResourceAttach", "ResourceAttachClient",
                "ResourceExport", "ResourceSimulation",
            ]
        ),
        tests(
            "ResourceFleetTests",
            [
                "HTTPResources", "ResourceContainer", "ResourceMonitoring", "ResourceDashboard", "ResourceDashboardTesting",
                "ResourceFleet",
                "ResourceSimulation", product("FlyingFox", "FlyingFox"),
            ],
            exclude: ["Screen/Golden"]
        ),
        tests(
            "DemoScenariosTests",
            ["ResourceContainer", "ResourceMonitoring", "DemoScenarios", "ResourceScenarios", "ResourceSimulation"]
        ),
        tests(
            "ResmonCommandTests",
            [
                "LocalSockets", "ResourceContainer", "ResourceMonitoring", "ResourceRecording", "ResourceScenarios", "ResourceSimulation",
                "ResourceDashboard", "ResourceDashboardLive", "ResourceAttach", "ResourceAttachClient", "ResourceFleet", "CursesTerminal",
                "DemoScenarios", "resmon",
                product("ArgumentParser", "swift-argument-parser"),
            ]
        ),
        tests(
            "TerminalTests",
            [
                "ResourceContainer", "ResourceMonitoring", "ResourceRecording", "ResourceDashboard", "ResourceDashboardLive",
                "ResourceAttach", "ResourceService", product("ServiceLifecycle", "swift-service-lifecycle", ["Service"]),
                product("ServiceLifecycleTestKit", "swift-service-lifecycle", ["Service"]),
                product("Logging", "swift-log", ["Service"]),
            ]
        ),
    ]
        // The optimizer of Swift 6.3.1 crashes on one of its coroutines, so soak tests run without it.
        + (isSoak ? [] : [tests("SpecTests", ["ResourceContainer", "ResourceMonitoring", "ResourceSimulation", "FileResources"])])
        + (isIntegration ? integrationTests : [])
        + (isIntegration || isAdapters ? flyingFoxTests : [])
        + (isAdapters ? adapterTests : [])
)
