// swift-tools-version: 6.2
import PackageDescription

// The targets and what each may import are listed in `Tests/check-imports.sh`, which enforces them: SwiftPM does not.
// Our own modules come first in each dependency list, then packages, each on its own line.

let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let locks: Target.Dependency = .product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP2: Target.Dependency = .product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioHPACK: Target.Dependency = .product(name: "NIOHPACK", package: "swift-nio-http2")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")

let targets: [Target] = [
    // C libraries and the few calls Swift's Glibc lacks. Each is imported by exactly one Swift target.
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .target(name: "CLinuxShims", cSettings: [.define("_GNU_SOURCE")]),

    // The wire as values.
    .target(name: "RunnerProtocol"),
    .testTarget(name: "RunnerProtocolTests", dependencies: ["RunnerProtocol"]),

    // HTTP transfers with libcurl.
    .target(name: "HTTPTransport", dependencies: ["CCurl", logging, locks]),
    .testTarget(name: "HTTPTransportTests", dependencies: ["HTTPTransport", logging, locks]),

    // gunzip, tar, ignore files, directory walking.
    .target(name: "SourceArchive", dependencies: ["CZlib", systemPackage, crypto]),
    .testTarget(
        name: "SourceArchiveTests", dependencies: ["SourceArchive", systemPackage]),
    .executableTarget(
        name: "archive-bench", dependencies: ["SourceArchive", systemPackage], path: "Tests/Benchmarks/ArchiveBench"),

    // YAML text to validated values.
    .target(name: "RunnerConfig", dependencies: ["CLibYAML"]),
    .testTarget(name: "RunnerConfigTests", dependencies: ["RunnerConfig"]),

    // Where a component's source is, and GitHub's API.
    .target(name: "GitHubSource", dependencies: ["HTTPTransport", "RunnerConfig", crypto, cryptoExtras, locks]),
    .testTarget(
        name: "GitHubSourceTests", dependencies: ["GitHubSource", "HTTPTransport", "RunnerConfig", "TestSupport"]),

    // The Docker Engine API; NIO serves BuildKit's session and nothing else.
    .target(
        name: "DockerEngine",
        dependencies: [
            "HTTPTransport", logging, locks, nioCore, nioHPACK, nioHTTP2, nioPosix, subprocess,
        ]),
    .testTarget(
        name: "DockerEngineTests",
        dependencies: [
            "DockerEngine", "HTTPTransport", "TestSupport", logging, locks, nioCore, nioHPACK, nioHTTP2, nioPosix,
        ],
        exclude: ["Fixtures"]),

    // What an instance is and how it lives.
    .target(
        name: "RunnerCore",
        dependencies: [
            "DockerEngine", "GitHubSource", "HTTPTransport", "RunnerConfig", "SourceArchive",
            crypto, logging, locks, systemPackage,
        ]),
    .testTarget(name: "RunnerCoreTests", dependencies: ["RunnerCore", "TestSupport", systemPackage]),

    // Listeners, connections, one handler per method.
    .target(
        name: "AgentServer",
        dependencies: [
            "CLinuxShims", "RunnerCore", "RunnerProtocol",
            logging, nioCore, nioPosix, locks, lifecycle,
        ]),

    .testTarget(
        name: "AgentServerTests",
        dependencies: [
            "AgentServer", "RunnerConfig", "RunnerCore", "RunnerProtocol", logging, nioCore, nioPosix, locks,
        ]),

    // The command.
    .executableTarget(
        name: "runner-agent",
        dependencies: [
            "AgentServer", "RunnerConfig", "RunnerCore", "RunnerProtocol",
            argumentParser, lifecycle, logging,
        ]),

    .testTarget(name: "RunnerAgentCommandTests", dependencies: ["runner-agent", "RunnerProtocol"]),

    // The built binary over its real socket and stdio, with a real engine.
    .target(name: "TestSupport", dependencies: [subprocess, locks, systemPackage], path: "Tests/TestSupport"),
    .testTarget(
        name: "EndToEndTests",
        dependencies: ["RunnerProtocol", "TestSupport"]),
]

for target in targets where target.type != .system && target.name != "CLinuxShims" {
    target.swiftSettings = swiftSettings
}

let package = Package(
    name: "runner-agent",
    products: [.executable(name: "runner-agent", targets: ["runner-agent"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: targets
)
