import CharLMText
import RecurrentNN

/// A sample's tokens on their way to text: whole graphemes, up to a stop text, with a separator where a document ends.
package struct SampleText {
  package private(set) var tokenCount = 0
  package private(set) var isStopped = false
  /// The whole documents so far, where some are wanted; each begins with the seed text's last document.
  private(set) var documents: [String] = []

  private let vocabulary: Vocabulary
  private let separator: [UInt8]
  /// The number of tokens; of one document, where some are wanted.
  private let length: Int
  private let wantedDocuments: Int?
  private let seed: SampleSeed
  /// The seed's tokens that the present document still has to read before any is drawn.
  private var seedTokens: ArraySlice<TokenID> = []
  private var decoder: StreamingDecoder
  private var filter: StopFilter
  private var head: String
  /// The present document, kept where some are wanted.
  private var document: [UInt8]
  private var documentTokenCount = 0
  private var isAtEnd = false

  /// - Parameter documents: how many whole documents to write; nil for a length instead.
  package init(of predictor: some Predictor, seed: SampleSeed, length: Int, documents: Int? = nil, stops: [String] = [])
  {
    require(documents == nil || predictor.knowsDocuments, "documents of a predictor without a document token")
    vocabulary = predictor.tokenizer.vocabulary
    separator = Array(predictor.writtenSeparator.utf8)
    self.length = length
    wantedDocuments = documents
    self.seed = seed
    decoder = StreamingDecoder(vocabulary: vocabulary)
    filter = StopFilter(stops: stops.map { Array($0.utf8) })
    head = decoder.append(seed.text.utf8)
    document = Array(seed.lastDocument.utf8)
  }

  package var wantsMore: Bool {
    guard !isStopped else { return false }
    return wantedDocuments.map { documents.count < $0 } ?? (tokenCount < length)
  }

  /// The token that is read instead of one that is drawn: of the seed, with which each document begins, or the document
  /// token, where a document has reached its greatest length; nil to draw one.
  var givenToken: TokenID? { seedTokens.first ?? (isTooLong ? vocabulary.documentID : nil) }

  /// Whether the present document must end.
  private var isTooLong: Bool { wantedDocuments != nil && documentTokenCount >= length }

  /// The seed text, as far as it is certain; empty from the second time on.
  mutating func takeHead() -> String {
    defer { head = "" }
    return head
  }

  /// Takes a token and returns what of the text it makes certain.
  package mutating func append(_ token: TokenID) -> String {
    if !seedTokens.isEmpty { return appendSeed() }
    // Of a document that its length cuts, half a character is left out.
    let cut = isTooLong ? decoder.append(filter.finish()) + decoder.finishWhole() : ""
    tokenCount += 1
    let isEnd = token == vocabulary.documentID
    let bytes = isEnd ? separator[...] : vocabulary.bytes(of: token)
    if isEnd { endDocument() } else { extendDocument(bytes) }
    let passed = filter.append(bytes)
    isStopped = filter.isFound
    return cut + decoder.append(passed)
  }

  /// Takes a token of the seed; with the first one, its whole text is written as it was given.
  private mutating func appendSeed() -> String {
    defer { seedTokens.removeFirst() }
    guard seedTokens.count == seed.lastDocumentTokens.count else { return "" }
    document = Array(seed.lastDocument.utf8)
    return decoder.append(filter.finish()) + decoder.append(seed.lastDocument.utf8)
  }

  private mutating func extendDocument(_ bytes: ArraySlice<UInt8>) {
    guard wantedDocuments != nil else { return }
    documentTokenCount += 1
    document += bytes
  }

  private mutating func endDocument() {
    guard wantedDocuments != nil else { return }
    var decoder = StreamingDecoder(vocabulary: vocabulary)
    documents.append(decoder.append(document) + (isTooLong ? decoder.finishWhole() : decoder.finish()))
    (document, documentTokenCount) = ([], 0)
    if wantsMore { seedTokens = seed.lastDocumentTokens[...] }
  }

  /// What is held back at the end; empty from the second time on.
  package mutating func finish() -> String {
    guard !isAtEnd else { return "" }
    isAtEnd = true
    let end = decoder.append(filter.finish())
    // What the length cut in two is left out.
    return end + (isStopped || wantedDocuments != nil ? decoder.finish() : decoder.finishWhole())
  }
}
