/// What a file is that is not plain text, by its content.
public enum FileKind: Hashable, Sendable {
  case pdf
  /// A Word document of today (.docx).
  case word
  /// A Word, Excel or PowerPoint document of before 2007.
  case oldOffice
  /// A spreadsheet or presentation of Office (.xlsx, .pptx).
  case office
  /// A text, spreadsheet or presentation of OpenDocument (.odt, .ods, .odp).
  case openDocument
  case epub
  /// A book for Kindle (.mobi, .azw).
  case mobi
  case djvu
  case rtf
  case html
  case image
  case audio
  case video
  /// An archive of files, by the name of its format.
  case archive(String)
  /// A compressed file in a format that is not read as it is, by the name of its program.
  case compressed(String)
  /// Weights in safetensors, such as a model of charlm.
  case safetensors
  /// A model or data of another program, by the name of its format.
  case data(String)
  /// A program or library.
  case program
  /// Something that is no text, of an unknown format.
  case binary

  /// Whether it consists of readable characters, so that it can be trained on as it is.
  public var isMarkup: Bool { self == .html || self == .rtf }
}

extension FileKind {
  /// How much of a file is enough to recognize it.
  package static let sampleSize = 1 << 16

  /// The kind of a file that begins with these bytes; nil for plain text, and what may be text.
  ///
  /// Each kind is recognized by the structure of its beginning, which a text that only mentions it does not have.
  /// - Parameter byteCount: the size of the file.
  package init?(beginning bytes: [UInt8], byteCount: Int) {
    let bytes = bytes.prefix(FileKind.sampleSize)
    let start = FileStart(bytes)
    if let kind = start.document ?? start.media ?? start.archive ?? start.program(byteCount: byteCount) {
      self = kind
    } else if let kind = MarkupStart(bytes).kind {
      self = kind
    } else {
      return nil
    }
  }
}

extension FileKind: CustomStringConvertible {
  /// "a PDF document", "a picture".
  public var description: String {
    switch self {
    case .pdf: "a PDF document"
    case .word: "a Word document"
    case .oldOffice: "a document of Word, Excel or PowerPoint"
    case .office: "a spreadsheet or presentation"
    case .openDocument: "an OpenDocument file"
    case .epub: "an EPUB book"
    case .mobi: "a Kindle book"
    case .djvu: "a DjVu document"
    case .rtf: "an RTF document"
    case .html: "an HTML page"
    case .image: "a picture"
    case .audio: "a sound recording"
    case .video: "a video"
    case .archive(let format): "an archive (\(format))"
    case .compressed(let program): "a compressed file (\(program))"
    case .safetensors: "a file of weights (safetensors)"
    case .data(let format): "a file of data (\(format))"
    case .program: "a program or library"
    case .binary: "a binary file"
    }
  }
}
