import CharLMText
import RecurrentNN
import Synchronization

/// Streams of one predictor that write side by side, and come and go at any step: a server's, or a thousand samples'.
///
///     let group = GeneratorGroup(model, capacity: 64)
///     let id = group.add(tokens, sampling: SamplingSettings(temperature: 0.8), randomSeed: 7)
///     while group.count > 0 {
///       for written in group.step() where isLast(written) { group.remove(written.id) }
///     }
///
/// A weight that is read for one stream serves them all, so that many streams cost little more than a few: a step of L
/// streams reads each weight once and does the arithmetic of L, whatever the capacity. A stream that joins costs a copy of
/// nothing; its first tokens are read one a step, beside what the others write. A stream of a network holds its state, which
/// is layers · hidden floats (twice that in an LSTM), and V logits. A stream's tokens are those that a `Generator` with its
/// settings and random seed writes, to the last bit, however many others run beside it, and whenever it joined.
///
/// It may be used from any thread. A call waits for the step that is on its way.
public final class GeneratorGroup: Sendable {
  /// A stream of a group. No two of a group are the same, now or later.
  public struct ID: Hashable, Sendable {
    fileprivate let number: Int
  }

  /// A token that a stream has written.
  public struct Written: Hashable, Sendable {
    /// The stream.
    public let id: ID
    /// The token; the document token ends a document, and the next begins from the zero state.
    public let token: TokenID
    /// Its probability and the likeliest tokens of its place, where the stream was added with a `candidateCount`.
    public let drawn: DrawnToken?
  }

  /// How tokens become text.
  public let tokenizer: Tokenizer
  /// The most streams at a time.
  public let capacity: Int
  private let state: Mutex<State>

  private struct State {
    let group: WriterGroup
    var writers: [(id: ID, writer: TokenWriter)] = []
    var paused: [ID: (writer: TokenWriter, stream: WriterGroup.Paused)] = [:]
    var nextNumber = 0

    mutating func add(_ writer: TokenWriter) -> ID {
      defer { nextNumber += 1 }
      let id = ID(number: nextNumber)
      writers.append((id, writer))
      return id
    }
  }

  /// Safe: by the precondition of `add(after:randomSeed:)`.
  private struct Carried: @unchecked Sendable {
    let generator: Generator
  }

  /// A group without streams.
  /// - Parameters:
  ///   - capacity: the most streams at a time, for which there is memory from the beginning. More than 64 make a step no
  ///     more efficient.
  ///   - precision: what a network's weights are kept in; see `StreamOptions`.
  ///   - threadCount: how many threads a step may use.
  public init(
    _ predictor: some Predictor, capacity: Int = 64, precision: StreamPrecision = .float32, threadCount: Int = 1
  ) {
    tokenizer = predictor.tokenizer
    self.capacity = capacity
    let options = StreamOptions(precision: precision, threadCount: threadCount)
    state = Mutex(State(group: WriterGroup(predictor, capacity: capacity, options)))
  }

  /// The number of streams that take part in the steps.
  public var count: Int { state.withLock { $0.writers.count } }

  /// A new stream, which takes part from the next step on.
  /// - Parameters:
  ///   - tokens: what it reads before it writes, one a step: at least one, such as `SampleSeed`'s or the predictor's start
  ///     token. What several streams begin with is read once, where one comes after another has read it.
  ///   - candidateCount: how many of the likeliest tokens come with each that is written; nil for no probabilities.
  /// - Precondition: there is room, and the tokens are in the vocabulary.
  public func add(
    _ tokens: [TokenID], sampling: SamplingSettings = SamplingSettings(), randomSeed: UInt64, candidateCount: Int? = nil
  ) -> ID {
    state.withLock { state in
      let sampler = TokenSampler(sampling, tokenizer: tokenizer)
      let writer = TokenWriter(sampler, SeededGenerator(seed: randomSeed), after: tokens, candidateCount)
      state.group.add(writer, reading: tokens)
      return state.add(writer)
    }
  }

  /// A new stream that goes on from where a generator stands, in its way, with random numbers of its own. Its first step
  /// writes two tokens.
  /// - Precondition: the generator is of the group's predictor, has read a token, and stays with the thread that uses the
  ///   group.
  package func add(after generator: Generator, randomSeed: UInt64) -> ID {
    let carried = Carried(generator: generator)
    return state.withLock { state in
      let generator = carried.generator
      let writer = TokenWriter(generator.sampler.independent, SeededGenerator(seed: randomSeed), after: [], nil)
      let first = generator.withLogits { writer.draw($0) }
      state.group.add(writer, reading: [first], after: generator.stream)
      return state.add(writer)
    }
  }

  /// Takes a stream out of the steps until `resume`; it takes no room meanwhile. One that is not there is left alone.
  public func pause(_ id: ID) {
    state.withLock { state in
      guard let place = state.writers.firstIndex(where: { $0.id == id }) else { return }
      let writer = state.writers.remove(at: place).writer
      if let stream = state.group.pause(writer) { state.paused[id] = (writer, stream) }
    }
  }

  /// Lets a stream take part again, from where it stood. One that does not stand still is left alone.
  /// - Precondition: there is room.
  public func resume(_ id: ID) {
    state.withLock { state in
      guard let (writer, stream) = state.paused.removeValue(forKey: id) else { return }
      state.group.resume(stream)
      state.writers.append((id, writer))
    }
  }

  /// Ends a stream.
  public func remove(_ id: ID) {
    state.withLock { state in
      guard state.paused.removeValue(forKey: id) == nil else { return }
      guard let place = state.writers.firstIndex(where: { $0.id == id }) else { return }
      state.group.remove(state.writers.remove(at: place).writer)
    }
  }

  /// Each stream reads a token: of its first ones, or that which it wrote last.
  /// - Returns: what those write that have read all, in the order in which they were added or resumed.
  public func step() -> [Written] {
    state.withLock { state in
      state.group.step()
      return state.writers.flatMap { id, writer in
        writer.takeWritten().map { Written(id: id, token: $0.token, drawn: $0.drawn) }
      }
    }
  }
}

/// Draws a stream's tokens.
private final class TokenWriter: StreamWriter {
  private var sampler: TokenSampler
  private var random: SeededGenerator
  private let candidateCount: Int?
  private var written: [(token: TokenID, drawn: DrawnToken?)] = []

  init(_ sampler: TokenSampler, _ random: SeededGenerator, after tokens: [TokenID], _ candidateCount: Int?) {
    (self.sampler, self.random, self.candidateCount) = (sampler, random, candidateCount)
    for token in tokens { self.sampler.note(token) }
  }

  func next(_ logits: Span<Float>, save: () -> SavedStream) -> WriterStep { .read(draw(logits)) }

  func draw(_ logits: Span<Float>) -> TokenID {
    let token = sampler.draw(from: logits, using: &random)
    sampler.note(token)
    written.append((token, candidateCount.map { DrawnToken(token, from: logits, candidateCount: $0) }))
    return token
  }

  /// What was written since it was asked last; nothing where the stream read what it was given.
  func takeWritten() -> [(token: TokenID, drawn: DrawnToken?)] {
    defer { written.removeAll(keepingCapacity: true) }
    return written
  }
}
