import Foundation
import Testing

/// Tests with real processes. They run serially, because they compare times and count wake-ups.
@Suite("Faults of real processes", .serialized)
enum FaultTests {
    /// Whether programs can be run as another user.
    static let canChangeUser = getuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")
}
