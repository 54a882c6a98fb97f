import Synchronization

private let serial = Atomic<Int>(0)

/// A number no other call in this process gets.
func nextSerial() -> Int { serial.wrappingAdd(1, ordering: .relaxed).newValue }
