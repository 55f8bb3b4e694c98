/// An event of TensorBoard's files: the part of TensorFlow's `Event` message that is needed here.
enum TensorBoardEvent {
  /// The first event of a file: the version of its format.
  static func version(at time: Double) -> [UInt8] {
    event(time, step: 0) { $0.set(3, string: "brain.Event:2") }
  }

  /// A run continues from a step: events at or after it are obsolete.
  static func restart(at time: Double, step: Int) -> [UInt8] {
    event(time, step: step) { event in
      event.set(7) { $0.set(1, integer: 1) }  // session_log: START
    }
  }

  /// Numbers by their tags.
  static func scalars(_ values: [(tag: String, value: Double)], at time: Double, step: Int) -> [UInt8] {
    event(time, step: step) { event in
      event.set(5) { summary in
        for (tag, number) in values {
          summary.set(1) { value in
            value.set(1, string: tag)
            value.set(2, float: Float(number))
          }
        }
      }
    }
  }

  /// A text, in Markdown.
  static func text(_ text: String, tag: String, at time: Double, step: Int) -> [UInt8] {
    event(time, step: step) { event in
      event.set(5) { summary in
        summary.set(1) { value in
          value.set(1, string: tag)
          value.set(9) { metadata in
            metadata.set(1) { $0.set(1, string: "text") }  // plugin_data: plugin_name
            metadata.set(4, integer: 2)  // data_class: tensor
          }
          value.set(8) { tensor in
            tensor.set(1, integer: 7)  // dtype: string
            tensor.set(2) { shape in shape.set(2) { $0.set(1, integer: 1) } }  // one dimension of size 1
            tensor.set(8, string: text)
          }
        }
      }
    }
  }

  private static func event(_ time: Double, step: Int, _ fill: (inout ProtobufMessage) -> Void) -> [UInt8] {
    var event = ProtobufMessage()
    event.set(1, double: time)
    if step > 0 { event.set(2, integer: step) }
    fill(&event)
    return event.bytes
  }
}
