import Foundation

/// A directory for the sockets of served containers, which only one test uses. It exists until ``remove()``.
struct SocketDirectory {
    /// No process served the container before the timeout; the description contains the output of `resmon ps`.
    struct NotServed: Error, CustomStringConvertible {
        let description: String
    }

    /// Paths of sockets are limited to 107 bytes, so the path is short.
    let path = "/tmp/rs-\(UUID().uuidString)"

    init() throws {
        try FileManager.default.createDirectory(
            atPath: self.path,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// The variable that makes servers and clients use the directory.
    var environment: [String: String] { ["RESMON_SOCKET_DIR": self.path] }

    /// Waits until `resmon ps` lists a container named `name`, and returns its row.
    @discardableResult
    func waitForContainer(_ name: String, timeout: Duration = .seconds(60)) async throws -> String {
        let deadline = ContinuousClock.now + timeout
        while true {
            let list = try await ResmonProgram.run("ps", environment: self.environment)
            let row = list.output.split(separator: "\n").dropFirst().first { $0.split(separator: " ").dropFirst().first == Substring(name) }
            if let row { return String(row) }
            guard ContinuousClock.now < deadline else { throw NotServed(description: "no \(name) in:\n\(list.output)\(list.errors)") }
            try await Task.sleep(for: .milliseconds(40))
        }
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: self.path)
    }
}
