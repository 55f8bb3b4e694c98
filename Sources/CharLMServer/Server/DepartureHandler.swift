import NIOCore

/// Closes a connection whose client has shut its side while it waits for a long answer: it has most likely left. Short
/// answers are still given, as to a client that shuts its side after it has asked.
final class DepartureHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny
  typealias InboundOut = NIOAny
  typealias OutboundIn = NIOAny
  typealias OutboundOut = NIOAny

  /// Sent down the pipeline as a long answer begins and ends.
  enum Answer: Sendable {
    case begins
    case ends
  }

  private var isAnswering = false
  private var isShut = false

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed {
      isShut = true
      if isAnswering { return context.close(promise: nil) }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
    guard let answer = event as? Answer else {
      return context.triggerUserOutboundEvent(event, promise: promise)
    }
    isAnswering = answer == .begins
    promise?.succeed()
    if isAnswering, isShut { context.close(promise: nil) }
  }
}
