// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [.swiftLanguageMode(.v6), .strictMemorySafety()]

let package = Package(
  name: "charlm",
  platforms: [.macOS("15.0")],
  products: [
    .executable(name: "charlm", targets: ["CharLMCommand"]),
    .library(name: "RecurrentNN", targets: ["RecurrentNN"]),
    .library(name: "CharLMText", targets: ["CharLMText"]),
    .library(name: "CharLMFiles", targets: ["CharLMFiles"]),
    .library(name: "CharLMData", targets: ["CharLMData"]),
    .library(name: "CharLM", targets: ["CharLM"]),
    .library(name: "CharLMTraining", targets: ["CharLMTraining"]),
    .library(name: "TrainingWatch", targets: ["TrainingWatch"]),
    .library(name: "LinePlot", targets: ["LinePlot"]),
    .library(name: "CharLMServer", targets: ["CharLMServer"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .target(
      name: "CICU",
      linkerSettings: [
        .linkedLibrary("icuuc", .when(platforms: [.linux])),
        .linkedLibrary("icui18n", .when(platforms: [.linux])),
        .linkedLibrary("icucore", .when(platforms: [.macOS])),
      ]),
    .target(
      name: "CKernels",
      linkerSettings: [
        .linkedLibrary("dl", .when(platforms: [.linux])),
        .linkedLibrary("m", .when(platforms: [.linux])),
        .linkedFramework("Accelerate", .when(platforms: [.macOS])),
      ]),
    .target(name: "CMPI", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .target(name: "CCompression", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    // The targets stand in a line: each uses only those above it.
    .target(
      name: "CharLMFiles", dependencies: ["CCompression", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: swift),
    .target(name: "RecurrentNN", dependencies: ["CKernels", "CMPI", "CharLMFiles"], swiftSettings: swift),
    .target(name: "CharLMText", dependencies: ["CICU"], swiftSettings: swift),
    .target(name: "CharLMData", dependencies: ["CharLMText", "CharLMFiles"], swiftSettings: swift),
    .target(
      name: "CharLM", dependencies: ["CharLMData", "CharLMText", "CharLMFiles", "RecurrentNN"], swiftSettings: swift),
    .target(
      name: "CharLMTraining", dependencies: ["CharLM", "CharLMData", "CharLMText", "CharLMFiles", "RecurrentNN"],
      swiftSettings: swift),
    .target(name: "LinePlot", swiftSettings: swift),
    .target(
      name: "TrainingWatch",
      dependencies: ["CharLMTraining", "CharLM", "CharLMData", "CharLMText", "CharLMFiles", "RecurrentNN", "LinePlot"],
      swiftSettings: swift),
    .target(
      name: "CharLMServer",
      dependencies: [
        "TrainingWatch", "LinePlot", "CharLMTraining", "CharLM", "CharLMData", "CharLMText", "CharLMFiles",
        "RecurrentNN",
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      resources: [
        .embedInCode("Pages/index.html"), .embedInCode("Pages/style.css"), .embedInCode("Pages/icon.svg"),
        .embedInCode("Pages/page.js"), .embedInCode("Pages/api.js"), .embedInCode("Pages/text.js"),
        .embedInCode("Pages/settings.js"), .embedInCode("Pages/samples.js"), .embedInCode("Pages/write.js"),
        .embedInCode("Pages/surprise.js"), .embedInCode("Pages/neurons.js"), .embedInCode("Pages/shape.js"),
        .embedInCode("Pages/new-run.js"), .embedInCode("Pages/training.js"), .embedInCode("Pages/model.js"),
      ],
      swiftSettings: swift),
    .executableTarget(
      name: "CharLMCommand",
      dependencies: [
        "CharLMServer", "TrainingWatch", "LinePlot", "CharLMTraining", "CharLM", "CharLMData", "CharLMText",
        "CharLMFiles",
        "RecurrentNN",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swift),
    .target(
      name: "TestSupport", dependencies: ["RecurrentNN", "CharLMFiles"], path: "Tests/TestSupport", swiftSettings: swift
    ),
    // Tests of C functions, on pointers throughout.
    .testTarget(name: "CKernelsTests", dependencies: ["CKernels"]),
    .testTarget(name: "CharLMTextTests", dependencies: ["CharLMText"], swiftSettings: swift),
    .testTarget(
      name: "RecurrentNNTests", dependencies: ["RecurrentNN", "TestSupport"], exclude: ["WebNN/record-cases.mjs"],
      resources: [.copy("Goldens")], swiftSettings: swift),
    .testTarget(name: "CharLMFilesTests", dependencies: ["CharLMFiles", "TestSupport"], swiftSettings: swift),
    .testTarget(name: "CharLMDataTests", dependencies: ["CharLMData", "TestSupport"], swiftSettings: swift),
    .testTarget(name: "CharLMTests", dependencies: ["CharLM", "TestSupport"], swiftSettings: swift),
    .testTarget(
      name: "CharLMTrainingTests", dependencies: ["CharLMTraining", "TestSupport"], resources: [.copy("Goldens")],
      swiftSettings: swift),
    .testTarget(name: "TrainingWatchTests", dependencies: ["TrainingWatch", "LinePlot"], swiftSettings: swift),
    .testTarget(
      name: "CharLMServerTests",
      dependencies: [
        "CharLMServer", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ], swiftSettings: swift),
    .testTarget(name: "CharLMCommandTests", dependencies: ["CharLMCommand", "TestSupport"], swiftSettings: swift),
    // Run the program, as users do, and so need not wait for its module.
    .testTarget(
      name: "ProgramTests", dependencies: ["CharLM", "CharLMFiles", "RecurrentNN", "TestSupport"], swiftSettings: swift),
    .testTarget(name: "SnippetTests", swiftSettings: swift),
    // Fuzzed by a package of its own, Tests/Fuzzing; here over the inputs that are kept.
    .target(
      name: "FuzzTargets",
      dependencies: [
        "TrainingWatch", "LinePlot", "CharLMTraining", "CharLM", "CharLMData", "CharLMText", "CharLMFiles",
        "RecurrentNN",
      ], path: "Tests/Fuzzing/Sources/FuzzTargets", swiftSettings: [.swiftLanguageMode(.v6)]),
    .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets"], swiftSettings: swift),
  ]
)
