import RecurrentNN

extension ReferenceStack.Cell {
  /// The reference's name of an engine's cell.
  package init(_ cell: CellKind, _ nonlinearity: Nonlinearity) {
    switch (cell, nonlinearity) {
    case (.lstm, _): self = .lstm
    case (.gru, _): self = .gru
    case (.rnn, .tanh): self = .tanh
    case (.rnn, .relu): self = .relu
    }
  }
}
