import CCompression

/// A format of compressed files that is read as it is.
public enum Compression: String, Sendable {
  case gzip, zstd, xz

  /// The format of a file that begins with these bytes; nil where it is none of them.
  package init?(beginning bytes: [UInt8]) {
    if bytes.starts(with: [0x1F, 0x8B, 0x08]) {
      self = .gzip
    } else if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
      self = .zstd
    } else if bytes.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) {
      self = .xz
    } else {
      return nil
    }
  }

  /// What the names of such files usually end with.
  package static let extensions = [".gz", ".zst", ".xz"]

  /// The library that decompresses it.
  public var library: String {
    switch self {
    case .gzip: "zlib"
    case .zstd: "libzstd"
    case .xz: "liblzma"
    }
  }

  var code: cc_format {
    switch self {
    case .gzip: CC_GZIP
    case .zstd: CC_ZSTD
    case .xz: CC_XZ
    }
  }
}

/// Why a compressed file cannot be read; offsets count bytes of the file.
public enum CompressionError: Error, Equatable, Sendable {
  /// The library is not installed.
  case missingLibrary(path: String, Compression)
  /// The data cannot be decompressed, at about this byte.
  case damaged(path: String, Compression, offset: Int)
  /// The file ends in the middle.
  case truncated(path: String, Compression, byteCount: Int)
  /// It needs more memory than it may have.
  case memory(path: String, Compression)
}

extension CompressionError: CustomStringConvertible {
  /// One line: the file, and what is wrong with it.
  public var description: String {
    switch self {
    case .missingLibrary(let path, let format):
      "\(path): is compressed (\(format.rawValue)), which needs \(format.library), which is not installed"
    case .damaged(let path, let format, let offset):
      "\(path): is damaged: its \(format.rawValue) data cannot be decompressed from about byte \(offset) on"
    case .truncated(let path, let format, let byteCount):
      "\(path): is cut off: its \(format.rawValue) data ends in the middle, after \(byteCount) bytes"
    case .memory(let path, let format):
      "\(path): decompressing its \(format.rawValue) data needs more memory than there is"
    }
  }
}
