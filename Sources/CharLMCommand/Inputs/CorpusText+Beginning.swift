import CharLMData

extension CorpusText {
  /// The beginning of the part that is held out, whole scalars.
  /// - Parameter size: the most bytes of it.
  func heldOutBeginning(upTo size: Int) throws -> [UInt8] {
    var text: [UInt8] = []
    try forEachPiece { piece in
      if piece.isHeldOut, text.count < size { text += piece.utf8.prefix(size - text.count) }
    }
    return text.droppingCutScalar()
  }
}

extension [UInt8] {
  /// Without the bytes at the end that begin a scalar and do not finish it; a whole one there goes, too.
  func droppingCutScalar() -> [UInt8] {
    var text = self
    while let last = text.last, last & 0xC0 == 0x80 { text.removeLast() }
    if let last = text.last, last >= 0xC0 { text.removeLast() }
    return text
  }
}
