import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A document as an XML parser sees it.
final class ParsedXML: NSObject, XMLParserDelegate {
  /// How many elements there are of each name.
  private(set) var elements: [String: Int] = [:]
  /// All text, of elements and their styles.
  private(set) var text = ""

  /// Parses a document, which must be well-formed; a document type, which only HTML has, is skipped.
  init(_ document: String) throws {
    super.init()
    let xml = document.hasPrefix("<!DOCTYPE html>") ? String(document.dropFirst(15)) : document
    let parser = XMLParser(data: Data(xml.utf8))
    parser.delegate = self
    let isWellFormed = parser.parse()
    try #require(isWellFormed, "line \(parser.lineNumber): \(String(describing: parser.parserError)) in\n\(document)")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements[name, default: 0] += 1
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
