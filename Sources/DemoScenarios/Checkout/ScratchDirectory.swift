import Foundation

/// The temporary directory of a live scenario. Only its owner can access it. A later scenario removes directories of processes that no
/// longer run.
struct ScratchDirectory: Sendable {
    private static let prefix = "resmon-checkout-"

    let url: URL

    /// Chooses a directory of this process in `parent`. The directory is not created.
    init(in parent: URL) {
        let process = ProcessInfo.processInfo.processIdentifier
        self.url = parent.appendingPathComponent("\(Self.prefix)\(process)-\(UUID().uuidString)")
    }

    /// Creates the directory, and removes directories that killed processes have left behind.
    func make() throws {
        Self.removeLeftovers(in: self.url.deletingLastPathComponent())
        try FileManager.default.createDirectory(
            at: self.url,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// Removes the directories in `parent` whose process no longer runs. Ignores errors.
    static func removeLeftovers(in parent: URL, isRunning: (pid_t) -> Bool = { kill($0, 0) == 0 || errno != ESRCH }) {
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: parent.path)) ?? [] where name.hasPrefix(Self.prefix) {
            guard let process = Self.process(of: name), !isRunning(process) else { continue }
            let path = parent.appendingPathComponent(name).path
            // Skip symbolic links (without following them) and directories of other users.
            let attributes = try? files.attributesOfItem(atPath: path)
            guard attributes?[.type] as? FileAttributeType == .typeDirectory,
                attributes?[.ownerAccountID] as? NSNumber == NSNumber(value: geteuid())
            else { continue }
            try? files.removeItem(atPath: path)
        }
    }

    /// The process ID in the name of a scratch directory; nil if the name has another form.
    private static func process(of name: String) -> pid_t? {
        let rest = name.dropFirst(Self.prefix.count)
        guard let dash = rest.firstIndex(of: "-"), UUID(uuidString: String(rest[rest.index(after: dash)...])) != nil,
            let process = pid_t(rest[..<dash]), process > 0
        else { return nil }
        return process
    }
}
