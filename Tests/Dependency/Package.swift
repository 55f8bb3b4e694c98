// swift-tools-version: 6.2
import PackageDescription

// A package of a user of charlm, who has the public declarations alone: what these tests do, an app can do.
let package = Package(
  name: "charlm-dependency",
  platforms: [.macOS("15.0")],
  dependencies: [.package(name: "charlm", path: "../..")],
  targets: [
    .testTarget(
      name: "TextTests",
      dependencies: [
        .product(name: "CharLM", package: "charlm"), .product(name: "CharLMData", package: "charlm"),
        .product(name: "CharLMTraining", package: "charlm"),
      ]),
    .testTarget(name: "LayerTests", dependencies: [.product(name: "RecurrentNN", package: "charlm")]),
  ]
)
