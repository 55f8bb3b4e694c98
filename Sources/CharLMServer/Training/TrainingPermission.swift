/// That clients may have models trained, and what they may be trained on.
public struct TrainingPermission: Sendable {
  /// The folder with the texts, which clients see and choose by their names.
  public let corpusFolder: String
  /// What the logs of runs call the program.
  public var program: String
  /// The peak memory of the process, in MB of 2^20 bytes, for the logs.
  public var peakMegabytes: @Sendable () -> Double

  /// A permission to train on the texts of a folder.
  public init(
    corpusFolder: String, program: String = "charlm", peakMegabytes: @escaping @Sendable () -> Double = { 0 }
  ) {
    (self.corpusFolder, self.program, self.peakMegabytes) = (corpusFolder, program, peakMegabytes)
  }
}
