import NIOCore

/// Tells the client of a long answer apart from one that has left: as its connection ends, or as it shuts its side of it,
/// which most likely means the same. Short answers are still given to a client that shuts its side after it has asked.
final class DepartureHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny
  typealias InboundOut = NIOAny
  typealias OutboundIn = NIOAny
  typealias OutboundOut = NIOAny

  /// Sent down the pipeline as a long answer begins and ends.
  enum Answer: Sendable {
    case begins(Client)
    case ends
  }

  private var client: Client?
  private var isShut = false

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed {
      isShut = true
      if client != nil { return context.close(promise: nil) }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    client?.leave()
    client = nil
    context.fireChannelInactive()
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
    switch event as? Answer {
    case .begins(let client)?:
      self.client = client
      promise?.succeed()
      if isShut { context.close(promise: nil) }
    case .ends?:
      client = nil
      promise?.succeed()
    case nil: context.triggerUserOutboundEvent(event, promise: promise)
    }
  }
}
