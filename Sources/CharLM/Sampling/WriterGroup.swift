import CharLMText
import RecurrentNN

/// What decides how a stream of a `WriterGroup` goes on.
protocol StreamWriter: AnyObject {
  /// Called when the stream has read all that it was given, perhaps for several writers at the same time.
  /// - Parameters:
  ///   - logits: of what comes next, (V).
  ///   - save: where the stream stands now, for `goBack`.
  func next(_ logits: Span<Float>, save: () -> SavedStream) -> WriterStep
}

/// How a stream goes on.
enum WriterStep {
  /// It reads a token.
  case read(TokenID)
  /// It reads some, at least one.
  case readAll([TokenID])
  /// It goes back to where it stood, or, where that is nil, to the beginning of its text, and reads some, at least one.
  case goBack(SavedStream?, [TokenID])
  /// It leaves.
  case end
}

/// Streams of one predictor that come and go at any step, and take each step together.
///
/// A step reads one token of every stream that is there: what it was given at first, such as the text that it goes on with,
/// and then what its writer decides. Weights are packed once for all that will ever come; a step costs what the streams
/// cost that are there. What a stream is given to read does not depend on the others, nor do its logits, to the last bit.
final class WriterGroup {
  private let streams: any StreamGroup
  private var members: [Member] = []  // by the stream's number
  /// The last beginning that a stream has read up to its last token, from which others with the same go on.
  private var prefix: (tokens: [TokenID], saved: SavedStream)?

  fileprivate final class Member {
    let writer: any StreamWriter
    let beginning: [TokenID]
    var tokens: [TokenID]  // to be read
    var readCount = 0
    /// Whether it reads what it began with, from where nothing was read.
    var isAtBeginning = false
    var step = WriterStep.end

    init(_ writer: any StreamWriter, _ beginning: [TokenID]) {
      (self.writer, self.beginning, tokens) = (writer, beginning, beginning)
    }

    /// Whether it has no more to read than the token that it reads next.
    var isAtLastToken: Bool { readCount == tokens.count - 1 }

    func give(_ token: TokenID) {
      tokens.removeAll(keepingCapacity: true)
      tokens.append(token)
      (readCount, isAtBeginning) = (0, false)
    }

    func give(_ given: [TokenID]) {
      require(!given.isEmpty, "a stream that has nothing to read")
      (tokens, readCount, isAtBeginning) = (given, 0, false)
    }
  }

  /// - Parameter capacity: the most streams at a time.
  init(_ predictor: some Predictor, capacity: Int, _ options: StreamOptions) {
    streams = predictor.makeStreams(count: 0, capacity: capacity, options)
  }

  var count: Int { members.count }
  var hasRoom: Bool { count < streams.capacity }

  /// One more stream, that takes part from the next step on.
  /// - Parameters:
  ///   - tokens: what it reads before its writer is asked, at least one.
  ///   - stream: where it begins, instead of where nothing was read.
  /// - Precondition: there is room.
  func add(_ writer: any StreamWriter, reading tokens: [TokenID], after stream: (any PredictorStream)? = nil) {
    require(hasRoom, "a stream more than \(streams.capacity)")
    require(!tokens.isEmpty, "a stream that has nothing to read")
    streams.add()
    let member = Member(writer, tokens)
    members.append(member)
    if let stream {
      streams.load(count - 1, streams.saved(stream))
    } else {
      begin(count - 1, member, reading: tokens)
      member.isAtBeginning = true
    }
  }

  /// Lets a stream that has read nothing read tokens; what is known of their beginning is not read again.
  private func begin(_ number: Int, _ member: Member, reading tokens: [TokenID]) {
    member.give(tokens)
    guard let prefix, prefix.tokens.count < tokens.count, tokens.starts(with: prefix.tokens) else { return }
    streams.load(number, prefix.saved)
    member.readCount = prefix.tokens.count
  }

  /// Takes a writer's stream away.
  func remove(_ writer: any StreamWriter) {
    if let number = members.firstIndex(where: { $0.writer === writer }) { remove(number) }
  }

  /// A stream that stands still, outside of the group.
  struct Paused {
    fileprivate let member: Member
    fileprivate let saved: SavedStream
  }

  /// Takes a writer's stream away, to go on later from where it stands; nil where there is none.
  func pause(_ writer: any StreamWriter) -> Paused? {
    guard let number = members.firstIndex(where: { $0.writer === writer }) else { return nil }
    let paused = Paused(member: members[number], saved: streams.save(number))
    remove(number)
    return paused
  }

  /// Puts back a stream that stood still.
  /// - Precondition: there is room.
  func resume(_ paused: Paused) {
    require(hasRoom, "a stream more than \(streams.capacity)")
    streams.add()
    members.append(paused.member)
    streams.load(count - 1, paused.saved)
  }

  private func remove(_ number: Int) {
    streams.remove(number)
    members[number] = members[count - 1]
    members.removeLast()
  }

  /// Every stream reads a token; those that have no more to read go on as their writers decide.
  /// - Complexity: a step of the predictor's for as many streams as there are.
  func step() {
    guard !members.isEmpty else { return }
    keepPrefix()
    let (members, streams) = (members, streams)
    streams.read { members[$0].tokens[members[$0].readCount] }
    streams.forEachStream { number, logits in
      let member = members[number]
      member.readCount += 1
      guard member.readCount == member.tokens.count else { return }
      member.step = member.writer.next(logits) { streams.save(number) }
    }
    // From the end, because the last stream takes the number of one that leaves.
    for number in members.indices.reversed() where members[number].readCount == members[number].tokens.count {
      goOn(number, members[number])
    }
  }

  private func goOn(_ number: Int, _ member: Member) {
    switch member.step {
    case .read(let token): member.give(token)
    case .readAll(let tokens): member.give(tokens)
    case .goBack(let saved?, let tokens):
      streams.load(number, saved)
      member.give(tokens)
    case .goBack(nil, let tokens):
      streams.reset(number)
      begin(number, member, reading: member.beginning + tokens)
    case .end: remove(number)
    }
  }

  /// A text's beginning that others may share is read once.
  private func keepPrefix() {
    for (number, member) in members.enumerated() where member.isAtBeginning && member.isAtLastToken {
      let tokens = member.tokens.dropLast()
      guard !tokens.isEmpty, prefix.map({ !$0.tokens.elementsEqual(tokens) }) ?? true else { continue }
      prefix = (Array(tokens), streams.save(number))
    }
  }
}
