import CharLMFiles

extension FileKind {
  /// How to make a text of a file of this kind.
  func nextStep(path: String) -> String {
    let file = CommandText.quoted(path)
    let text = CommandText.quoted(FileKind.textPath(path))
    let pandoc = "pandoc -t plain -o \(text) \(file)"
    return switch self {
    case .pdf: "make a text of it: pdftotext \(file) \(text)"
    case .word, .openDocument: "save it as plain text, or: \(pandoc)"
    case .oldOffice: "save it as plain text, or: libreoffice --convert-to txt --outdir texts \(file)"
    case .office: "save its text as plain text"
    case .epub: "make a text of it: \(pandoc)"
    case .mobi: "make a text of it: ebook-convert \(file) \(text)"
    case .djvu: "make a text of it: djvutxt \(file) \(text)"
    case .rtf: "save it as plain text, or: \(pandoc)"
    case .html: "make a text of it: \(pandoc); or give --encoding utf-8 to train on its markup, too"
    case .archive: "unpack it, and name the folder"
    case .compressed(let program): "unpack it: \(program) -dc \(file) | charlm train -"
    case .safetensors: "name a text; 'charlm info' shows what is in a model"
    case .binary: "name a text; if it is one in UTF-16, give --encoding utf-16le or utf-16be"
    case .image, .audio, .video, .data, .program: "name a text"
    }
  }

  /// Where to put the text of the file at `path`: never over the file itself, nor over one that is there already.
  private static func textPath(_ path: String) -> String {
    let base = Files.withoutExtension(path)
    let name = base + ".txt"
    return name == path || Files.isTaken(name) ? base + "-text.txt" : name
  }
}
