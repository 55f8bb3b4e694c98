/// Stops the program with a message where a caller breaks a rule: in optimized builds too, where a failed precondition
/// prints no message. The message is made only when it is needed.
@inline(__always)
package func require(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { fatalError(message()) }
}
