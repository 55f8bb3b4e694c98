// swift-tools-version: 6.2
import PackageDescription

// A package of its own: its executable links libFuzzer, whose `main` an ordinary build does not have. `FuzzTargets` is
// also a target of charlm's package, whose tests run it over the inputs that are kept here.
let package = Package(
  name: "charlm-fuzzing",
  platforms: [.macOS("15.0")],
  dependencies: [.package(name: "charlm", path: "../..")],
  targets: [
    .target(name: "CFuzzer"),
    .target(
      name: "FuzzTargets",
      dependencies: [
        .product(name: "CharLMFiles", package: "charlm"),
        .product(name: "RecurrentNN", package: "charlm"),
        .product(name: "CharLMText", package: "charlm"),
        .product(name: "CharLMData", package: "charlm"),
        .product(name: "CharLM", package: "charlm"),
        .product(name: "CharLMTraining", package: "charlm"),
        .product(name: "TrainingWatch", package: "charlm"),
      ],
      swiftSettings: [.swiftLanguageMode(.v6)]),
    .executableTarget(
      name: "Fuzz",
      dependencies: ["CFuzzer", "FuzzTargets", .product(name: "CharLMFiles", package: "charlm")],
      swiftSettings: [.swiftLanguageMode(.v6)]),
  ]
)
