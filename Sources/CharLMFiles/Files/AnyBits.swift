/// A number type of which every pattern of bits is a value, so that memory may be copied into it and out of it.
package protocol AnyBits: BitwiseCopyable {}
extension UInt8: AnyBits {}
extension UInt16: AnyBits {}
extension Int32: AnyBits {}
extension Int64: AnyBits {}
extension Float: AnyBits {}
extension Double: AnyBits {}
