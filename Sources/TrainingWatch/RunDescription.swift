import CharLM
import CharLMData
import CharLMFiles
import CharLMText
import CharLMTraining
import RecurrentNN

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A description of a run before it starts: the first line of its log.
public struct RunDescription: Codable, Hashable, Sendable {
  /// The program that trains, such as "charlm 0.1.0".
  public var program: String
  /// The words of the command, its name first.
  public var command: [String]
  /// When this part of the run started, ISO 8601.
  public var time: String
  /// When the run was first started, ISO 8601.
  public var created: String
  /// Where the model is written; nil for a run that writes nothing.
  public var model: String?
  /// What the model is for.
  public var kind: ModelKind
  /// Sizes and options of the network.
  public var settings: NetworkSettings
  /// How it is trained.
  public var training: TrainingSettings
  /// How text becomes tokens.
  public var text: TextSettings
  /// What it is trained on.
  public var corpus: CorpusRecord
  /// The number of tokens to train on.
  public var trainTokens: Int
  /// The number of tokens to validate on, 0 for none.
  public var validTokens: Int
  /// The rows of the input vocabulary.
  public var vocabulary: Int
  /// The number of parameters.
  public var parameters: Int
  /// Steps made before; 0 for a new run.
  public var step: Int
  /// The machine that it runs on.
  public var machine: Machine

  /// The machine that a run trains on.
  public struct Machine: Codable, Hashable, Sendable {
    /// The name of the processor, where it is known.
    public var processor: String?
    /// The cores that are available.
    public var cores: Int
    /// The threads used for computing.
    public var threads: Int
    /// The machine's memory, in MB of 2^20 bytes.
    public var memoryMb: Int
    /// The operating system.
    public var system: String
    /// The element-wise kernels in use.
    public var kernels: String
    /// The library used for matrix products.
    public var products: String

    /// This machine.
    public init(threads: Int) {
      let process = ProcessInfo.processInfo
      processor = Machine.processorName
      cores = process.activeProcessorCount
      self.threads = threads
      memoryMb = Int(process.physicalMemory >> 20)
      system = process.operatingSystemVersionString
      kernels = Kernels.active.name
      products = Kernels.productName
    }

    private static var processorName: String? {
      guard let bytes = try? Files.read("/proc/cpuinfo") else { return nil }
      let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("model name") }
      return line?.split(separator: ":", maxSplits: 1).last.map { String($0.drop { $0 == " " }) }
    }
  }

  /// A run's description as it stands.
  public init(_ run: TrainingRun, program: String, command: [String], threads: Int) {
    self.program = program
    self.command = command
    time = Timestamp.now()
    created = run.created
    model = run.modelPath
    kind = run.data.kind
    settings = run.trainer.network
    training = run.record.settings
    text = run.data.tokenizer.settings
    corpus = run.data.corpus
    trainTokens = run.data.trainTokenCount
    validTokens = run.data.validationTokenCount
    vocabulary = run.data.tokenizer.vocabulary.count
    parameters = settings.parameterCount(
      inputVocabulary: vocabulary, outputVocabulary: run.data.outputTokenizer.vocabulary.count)
    step = run.record.steps
    machine = Machine(threads: threads)
  }
}
