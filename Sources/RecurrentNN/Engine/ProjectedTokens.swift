/// The first layer's projected inputs of the tokens read so far. Where there is no more room, the oldest give way.
final class ProjectedTokens {
  /// The first layer's parts, and each one's columns of the projected inputs, (slots, C).
  let parts: [(part: StreamPart, rows: Matrix)]
  private let embedding: Matrix
  private let norm: StreamNorm?
  private let normalizedRow: Buffer<Float>  // (1, G·H), where there is a norm
  private let buffers: [Buffer<Float>]  // owns the rows
  private let slotCount: Int
  private let slotByToken: Buffer<Int32>  // −1: none
  private let tokenBySlot: Buffer<Int32>  // −1: none
  private let rowSlots: Buffer<Int32>  // (M)
  private var nextSlot = 0

  /// - Parameter slotCount: room for tokens; at least M, for a step's own tokens must not push each other out.
  init(_ layer: StreamLayer, embedding: Matrix, slotCount: Int, rowCount: Int) {
    norm = layer.norm
    normalizedRow = Buffer(count: norm == nil ? 0 : layer.parts.reduce(0) { $0 + $1.columnCount })
    let slotCount = min(slotCount, embedding.rowCount)
    let buffers = layer.parts.map { Buffer<Float>(count: slotCount * $0.columnCount) }
    self.embedding = embedding
    self.slotCount = slotCount
    self.buffers = buffers
    parts = zip(layer.parts, buffers).map { ($0, $1.view.matrix(slotCount, $0.columnCount)) }
    slotByToken = Buffer(count: embedding.rowCount)
    tokenBySlot = Buffer(count: slotCount)
    rowSlots = Buffer(count: rowCount)
    forget()
  }

  /// Makes every token's row anew when it is read next, because the parameters have changed.
  func forget() {
    slotByToken.view.fill(-1)
    tokenBySlot.view.fill(-1)
    nextSlot = 0
  }

  /// The row of each of L streams' token, as `read` has found them, (L).
  func places(_ rowCount: Int) -> View<Int32> { rowSlots.view[0..<rowCount] }

  /// Finds the row of each stream's token; what is not there yet is made.
  func read(_ tokens: View<Int32>) {
    let (slots, known) = (rowSlots.view, slotByToken.view)
    for row in 0..<tokens.count {
      let token = Int(tokens[row])
      if known[token] < 0 { add(token, inUse: tokens) }
      slots[row] = known[token]
    }
  }

  private func add(_ token: Int, inUse tokens: View<Int32>) {
    let held = tokenBySlot.view
    var slot = nextSlot
    while held[slot] >= 0, (0..<tokens.count).contains(where: { tokens[$0] == held[slot] }) {
      slot = (slot + 1) % slotCount
    }
    nextSlot = (slot + 1) % slotCount
    if held[slot] >= 0 { slotByToken.view[Int(held[slot])] = -1 }
    held[slot] = Int32(token)
    slotByToken.view[token] = Int32(slot)
    let input = StreamRows(embedding.rows(token..<token + 1))
    let normalized = normalizedRow.view.matrix(norm == nil ? 0 : 1, normalizedRow.count)
    norm?.project(input, by: parts.map(\.part), into: normalized)
    for (part, rows) in parts {
      let row = rows.rows(slot..<slot + 1)
      if norm == nil { part.project(input, into: row) } else { part.takeProjected(normalized, into: row) }
    }
  }
}
