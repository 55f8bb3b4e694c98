import CharLMFiles

/// What `charlm` alone proposes, given what is in the working folder.
struct NextSteps {
  /// What to do, and the command to type for it.
  typealias Step = (what: String, command: [String])

  let steps: [Step]

  /// What can be done here.
  static var here: NextSteps {
    let models = (try? Files.names(in: ModelLookup.folder, suffix: ".safetensors")) ?? []
    let texts = [".txt", ".md"].flatMap { (try? Files.names(in: ".", suffix: $0)) ?? [] }
    let largest = texts.max { size($0) < size($1) }
    let folders = ["corpora", "texts", "data"].filter { Files.isFolder($0) }
    return NextSteps(
      model: models.isEmpty ? nil : (try? ModelLookup.newest(kind: .language)),
      run: try? ModelLookup.newest(kind: nil, suffix: ".state"), text: largest ?? folders.first)
  }

  private static func size(_ path: String) -> Int { (try? Files.size(path)) ?? 0 }

  /// - Parameters:
  ///   - model: the newest language model.
  ///   - run: the state of the newest run that can be resumed.
  ///   - text: a text, or a folder of texts.
  init(model: String?, run: String?, text: String?) {
    var steps: [Step] = []
    if model != nil {
      steps.append(("generate text with the model here", ["sample"]))
      steps.append(("measure how good it is", ["eval"]))
    }
    if let run {
      let model = run.dropLast(".state".count) + ".safetensors"
      steps.append(("train it longer", ["train", "--resume", "--model", String(model), "--budget", "10m"]))
    }
    if let text {
      steps.append(("train a model on a text here, for two minutes", ["train", text, "--budget", "2m"]))
    } else if model == nil {
      steps.append(("bring a text, such as a book as .txt, and train a model on it", ["train", "book.txt"]))
    }
    self.steps = steps
  }

  /// A step a line, and where help is.
  var text: String {
    let all = steps + [("see everything that charlm can do", ["--help"])]
    return "charlm trains language models on texts, and writes text with them. What you can do here:\n\n"
      + all.map { "  \(CommandText.line($0.command))\n      \($0.what)\n" }.joined(separator: "")
  }
}
