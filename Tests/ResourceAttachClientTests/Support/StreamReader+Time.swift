import ResourceContainer

@testable import ResourceAttachClient

extension StreamReader {
    /// Takes bytes at time 0. The lines of a recording contain their times.
    mutating func take(_ bytes: ArraySlice<UInt8>) throws(StreamFault) -> [Item] {
        try self.take(bytes, at: TimeSource.Instant(nanoseconds: 0))
    }
}

extension ProbeAnswer {
    /// Takes bytes at time 0. The lines of a recording contain their times.
    mutating func take(_ bytes: ArraySlice<UInt8>) {
        self.take(bytes, at: TimeSource.Instant(nanoseconds: 0))
    }
}
