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
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
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
    .target(name: "CCompression", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    // The targets stand in a line: each uses only those above it.
    .target(
      name: "CharLMFiles", dependencies: ["CCompression", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: swift),
    .target(name: "RecurrentNN", dependencies: ["CKernels", "CharLMFiles"], swiftSettings: swift),
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
    .executableTarget(
      name: "CharLMCommand",
      dependencies: [
        "TrainingWatch", "LinePlot", "CharLMTraining", "CharLM", "CharLMData", "CharLMText", "CharLMFiles",
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
    .testTarget(name: "CharLMCommandTests", dependencies: ["CharLMCommand"], swiftSettings: swift),
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
