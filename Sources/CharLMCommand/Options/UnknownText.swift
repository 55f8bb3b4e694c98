import ArgumentParser

/// What to do with characters that a model does not know, where a text is judged. (Similar ones would make it another
/// text.)
enum UnknownText: String, CaseIterable, ExpressibleByArgument {
  case error, skip
}
