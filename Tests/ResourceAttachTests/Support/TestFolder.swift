import Foundation

/// An empty folder with mode 0700 and a short path, removed at the end of its test.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        // A socket's path has at most 107 bytes.
        self.path = "/tmp/resmon-test-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: self.path,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
    }
}
