import CharLMFiles

/// A file that a plot is written to, in the format that its name ends in.
struct PictureFile {
  let path: String
  private let isPNG: Bool

  /// Pixels of a PNG for one unit of the SVG, so that it is sharp on fine screens and in print.
  private static let scale = 2
  private static let converter = "rsvg-convert"

  /// The file at `path`; nil where its name ends in neither .svg nor .png.
  init?(_ path: String) {
    let name = path.lowercased()
    guard name.hasSuffix(".svg") || name.hasSuffix(".png") else { return nil }
    (self.path, isPNG) = (path, name.hasSuffix(".png"))
  }

  /// Writes the picture, wholly or not at all.
  /// - Throws: `CommandFailure` where a PNG cannot be made, `FileError` where it cannot be written.
  func write(svg: String) throws {
    let bytes = isPNG ? try png(svg) : Array(svg.utf8)
    try Files.writeAtomically(path) { (file: inout FileWriter) throws(FileError) in try file.write(bytes) }
  }

  /// The bytes of a PNG, by librsvg's program.
  private func png(_ svg: String) throws -> [UInt8] {
    var source = try FileWriter(in: Files.temporaryFolder, for: path)
    let sourcePath = source.temporaryPath
    let resultPath = sourcePath + ".png"
    defer { for path in [sourcePath, resultPath] { Files.remove(path) } }
    try source.write(svg)
    let arguments = ["--zoom", "\(PictureFile.scale)", "--output", resultPath, sourcePath]
    guard let code = try? ChildProcess.run(PictureFile.converter, arguments), code != 127 else {
      throw CommandFailure(
        "\(path): a PNG is made by \(PictureFile.converter), which is not installed (Debian: librsvg2-bin, macOS: librsvg)",
        next: "install it, or name a file that ends in .svg")
    }
    guard code == 0, let bytes = try? Files.read(resultPath) else {
      throw CommandFailure(
        "\(path): \(PictureFile.converter) could not make the PNG", next: "name a file that ends in .svg")
    }
    return bytes
  }
}
