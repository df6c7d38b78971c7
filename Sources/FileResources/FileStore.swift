import Foundation
import ResourceContainer

/// A directory for files, as a resource (the specification's `FileManager`): made on initialise, never left, tidied on dispose.
///
/// Corrected against the page: a file is opened, used and closed within one call, so that no handle can be forgotten, and a name cannot
/// lead out of the directory - neither by `..`, nor absolutely, nor through a symbolic link.
public final class FileStore: Resource, HealthCheckable {
    /// The directory, without links.
    public let directory: URL
    private let removesDirectory: Bool

    /// A store over `directory`.
    ///
    /// - Parameter removesDirectory: whether dispose removes the directory and everything in it: for temporary ones.
    public init(directory: URL, removesDirectory: Bool = false) {
        self.directory = directory.standardizedFileURL
        self.removesDirectory = removesDirectory
    }

    /// Makes the directory and those above it.
    public func initialize() async throws {
        try self.explaining("make the directory", self.directory.path) {
            try FileManager.default.createDirectory(at: self.directory, withIntermediateDirectories: true)
        }
    }

    public func dispose() async throws {
        guard self.removesDirectory, FileManager.default.fileExists(atPath: self.directory.path) else { return }
        try self.explaining("remove the directory", self.directory.path) { try FileManager.default.removeItem(at: self.directory) }
    }

    /// Writes `text` to the file `name`: whoever reads it meanwhile sees the old content or the new, never a part.
    public func write(_ text: String, to name: String) throws {
        let url = try self.url(of: name)
        try self.explaining("write", name) {
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url, options: .atomic)
        }
    }

    /// The content of the file `name`, which must be UTF-8.
    public func read(_ name: String) throws -> String {
        let url = try self.url(of: name)
        return try self.explaining("read", name) { try String(contentsOf: url, encoding: .utf8) }
    }

    /// Removes the file `name`.
    public func remove(_ name: String) throws {
        let url = try self.url(of: name)
        try self.explaining("remove", name) { try FileManager.default.removeItem(at: url) }
    }

    /// The names of the files that stand directly in the directory, sorted. O(n log n).
    public func names() throws -> [String] {
        try self.explaining("list", self.directory.path) {
            try FileManager.default.contentsOfDirectory(atPath: self.directory.path).sorted()
        }
    }

    /// Removes all but the last `count` files by name, and returns how many went: for names that carry a growing number or a date. O(n log n).
    @discardableResult
    public func keepLast(_ count: Int) throws -> Int {
        let old = try self.names().dropLast(max(0, count))
        for name in old { try self.remove(name) }
        return old.count
    }

    /// Writes and reads a file of its own.
    public func healthCheck() async throws -> HealthReport {
        let name = ".health_check"
        try self.write("ok", to: name)
        defer { try? self.remove(name) }
        return try self.read(name) == "ok" ? HealthReport(.healthy) : HealthReport(.unhealthy, "a file was not read as it was written")
    }

    private func url(of name: String) throws(FileStoreError) -> URL {
        let refused = FileStoreError(action: "use", name: name, reason: "the name leads out of \(self.directory.path)")
        guard !name.isEmpty, !name.hasPrefix("/"), !name.contains("\0") else { throw refused }
        guard !name.split(separator: "/", omittingEmptySubsequences: false).contains("..") else { throw refused }
        let url = self.directory.appendingPathComponent(name).standardizedFileURL
        // A link inside the directory may point anywhere: what counts is where the nearest part that exists really is.
        var existing = url
        while !FileManager.default.fileExists(atPath: existing.path), existing.path.count > self.directory.path.count {
            existing = existing.deletingLastPathComponent()
        }
        let root = self.directory.resolvingSymlinksInPath().path
        let real = existing.resolvingSymlinksInPath().path
        guard real == root || real.hasPrefix(root + "/") else { throw refused }
        return url
    }

    private func explaining<Result>(_ action: String, _ name: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            throw FileStoreError(action: action, name: name, reason: (error as NSError).localizedDescription)
        }
    }
}

/// What could not be done with a file, and why.
public struct FileStoreError: Error, Sendable, CustomStringConvertible {
    /// What was tried.
    public let action: String
    /// With which file.
    public let name: String
    /// Why it could not be done.
    public let reason: String

    public var description: String {
        "cannot \(self.action) \(self.name): \(self.reason)"
    }
}
