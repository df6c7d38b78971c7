import Foundation

/// An empty folder for one test, removed at its end. Its path is short, because the length of a socket's path is limited.
final class TestFolder: Sendable {
    let path: String

    init(mode: Int = 0o700) throws {
        self.path = "/tmp/rc-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: false)
        try self.setMode(mode)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
    }

    func setMode(_ mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: self.path)
    }
}
