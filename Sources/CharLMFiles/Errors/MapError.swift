/// The value of an expression; an error that it throws is thrown as what `transform` makes of it, such as the case of a
/// wider error type that holds it:
///
///     let file = try mapError(CorpusError.file, InputFile(path))
///
/// The expression is evaluated inside the call: as an autoclosure it takes the type of error from `transform`, where a
/// closure in braces would have to spell it (`{ () throws(FileError) in … }`). Blocks of statements use `do throws(…)`.
@inline(__always)
package func mapError<E: Error, F: Error, T: ~Copyable>(
  _ transform: (E) -> F, _ value: @autoclosure () throws(E) -> T
) throws(F) -> T {
  do throws(E) { return try value() } catch { throw transform(error) }
}
