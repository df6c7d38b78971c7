import Foundation

/// The identity of a file on disk. A path can refer to a different file while the first one is open.
struct FileIdentity: Hashable, Sendable {
    let device: UInt64
    let number: UInt64

    /// Returns nil in memory and if the file does not exist. May block.
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
