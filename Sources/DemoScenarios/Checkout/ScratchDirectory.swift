import Foundation

/// The directory of a live scenario among the machine's temporary files: its owner's alone, and not there for longer than its process.
struct ScratchDirectory: Sendable {
    private static let prefix = "resmon-checkout-"

    let url: URL

    /// A directory of this process in `parent`, which is not made yet.
    init(in parent: URL) {
        let process = ProcessInfo.processInfo.processIdentifier
        self.url = parent.appendingPathComponent("\(Self.prefix)\(process)-\(UUID().uuidString)")
    }

    /// Makes it, and removes those that processes left behind which were killed.
    func make() throws {
        Self.removeLeftovers(in: self.url.deletingLastPathComponent())
        try FileManager.default.createDirectory(
            at: self.url,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// Removes the directories in `parent` whose process does not run any more. What cannot be removed stays.
    static func removeLeftovers(in parent: URL, isRunning: (pid_t) -> Bool = { kill($0, 0) == 0 || errno != ESRCH }) {
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: parent.path)) ?? [] where name.hasPrefix(Self.prefix) {
            guard let process = Self.process(of: name), !isRunning(process) else { continue }
            let path = parent.appendingPathComponent(name).path
            // A link with such a name is not ours, nor is what another person made; where it leads is not looked at.
            let attributes = try? files.attributesOfItem(atPath: path)
            guard attributes?[.type] as? FileAttributeType == .typeDirectory,
                attributes?[.ownerAccountID] as? NSNumber == NSNumber(value: geteuid())
            else { continue }
            try? files.removeItem(atPath: path)
        }
    }

    /// The process that made a directory of this name; nil if the name is of another form.
    private static func process(of name: String) -> pid_t? {
        let rest = name.dropFirst(Self.prefix.count)
        guard let dash = rest.firstIndex(of: "-"), UUID(uuidString: String(rest[rest.index(after: dash)...])) != nil,
            let process = pid_t(rest[..<dash]), process > 0
        else { return nil }
        return process
    }
}
