import Foundation

/// Which file a path means: a path can come to mean another one while the first is open.
struct FileIdentity: Hashable, Sendable {
    let device: UInt64
    let number: UInt64

    /// Nil in memory, and if there is no file. May block.
    init?(_ location: SQLiteConnection.Location) {
        guard case .file(let path) = location else { return nil }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let device = attributes?[.systemNumber] as? NSNumber, let number = attributes?[.systemFileNumber] as? NSNumber else {
            return nil
        }
        self.device = device.uint64Value
        self.number = number.uint64Value
    }
}
