import CharLM
import RecurrentNN

extension NetworkSettings {
  /// For people: "LSTM, 2 layers of 256, embedding 64, dropout 0.3: 934,213 parameters".
  func summary(parameterCount: Int) -> String {
    var text = cell.rawValue.uppercased()
    if cell == .rnn { text += " (\(nonlinearity.rawValue))" }
    text += ", \(Quantity.count(layers, "layer")) of \(hidden), embedding \(embedding)"
    if tied { text += " (tied)" }
    if bidirectional { text += ", bidirectional" }
    if layerNorm { text += ", layer-normalized" }
    if mogrifierRounds > 0 { text += ", \(Quantity.count(mogrifierRounds, "mogrifier round"))" }
    if dropout > 0 { text += ", dropout \(Quantity.short(dropout))" }
    return text + ": \(Quantity.count(parameterCount)) parameters"
  }
}
