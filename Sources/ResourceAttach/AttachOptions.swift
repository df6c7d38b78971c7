import ResourceMonitoring
import ResourceRecording

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The options of a ``ResourceAttach``.
public struct AttachOptions: Sendable {
    /// The folder of the socket; nil uses the first of the usual folders that is possible.
    ///
    /// The last folder of the path is made with mode 0700 if it is absent. It is not used if it belongs to another user, is a symbolic link,
    /// or lets others in.
    public var directory: String?
    /// The number of a group whose members may also watch; nil for none. They need the path of the socket. The process must be a member.
    ///
    /// The folder must belong to this group and have mode 0750, and is made so. Members use at most 15 of the 16 connections.
    public var group: UInt32?
    /// The thresholds for findings that clients apply.
    public var rules: FindingRules
    /// Called with one line about each act of a client, and with the reason if the server does not start. May be called from any thread,
    /// and must return quickly.
    public var log: @Sendable (String) -> Void

    /// Creates options. The default log writes to standard error.
    public init(
        directory: String? = nil,
        group: UInt32? = nil,
        rules: FindingRules = FindingRules(),
        log: @escaping @Sendable (String) -> Void = Self.standardError
    ) {
        self.directory = directory
        self.group = group
        self.rules = rules
        self.log = log
    }

    /// Writes a line to standard error, as far as that does not block. A line of more than 4,000 bytes is cut.
    public static func standardError(_ line: String) {
        Self.write(line, to: STDERR_FILENO)
    }

    /// The longest line. A pipe that is ready accepts 4,096 bytes without blocking.
    private static let longestLine = 4_000

    static func write(_ line: String, to descriptor: Int32) {
        guard Descriptor.wait(for: Int32(POLLOUT), of: descriptor, 0) else { return }
        _ = Descriptor.writeAll(Array(line.utf8.prefix(Self.longestLine)) + [0x0A], to: descriptor, patience: 0)
    }
}
