import ResourceContainer
import ResourceDashboard

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Sees when a theme's file is edited, added or removed, or when a link leads to another file.
///
/// It is asked, and looks at the files then: nothing runs while nobody asks.
public final class ThemeWatch: Sendable {
    /// What tells a file from another one, and from itself before it was written to. Times alone do not: files that come from a checkout or
    /// were copied with their times have the same.
    private struct Mark: Hashable {
        var device: UInt64
        var inode: UInt64
        var size: Int64
        var modified: Int64
        var changed: Int64

        init(_ status: stat) {
            self.device = UInt64(status.st_dev)
            self.inode = UInt64(status.st_ino)
            self.size = Int64(status.st_size)
            self.modified = Self.nanoseconds(status.st_mtim)
            self.changed = Self.nanoseconds(status.st_ctim)
        }

        /// Only compared: what is beyond the range of numbers wraps around.
        private static func nanoseconds(_ time: timespec) -> Int64 {
            Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
        }
    }

    private let library: ThemeLibrary
    /// A theme that was asked for by its path, which the library's directories need not have.
    private let file: String?
    private let seen: Lock<[String: Mark]>

    /// Watches the files of `library`, and `file` if one is given, as they are now.
    public init(_ library: ThemeLibrary, file: String? = nil) {
        self.library = library
        self.file = file
        self.seen = Lock(Self.marks(Self.paths(library, file)))
    }

    /// The themes as they are now, if a file has changed since the last call: those that load, and what is wrong with the first that does
    /// not and was changed.
    func changes() -> (themes: [Theme], problem: String?)? {
        let paths = Self.paths(self.library, self.file)
        let now = Self.marks(paths)
        let before = self.seen.withLock { seen in
            defer { seen = now }
            return seen
        }
        if now == before { return nil }
        var themes: [Theme] = []
        var problem: String?
        for name in self.library.names() + (self.file.map { [$0] } ?? []) {
            do {
                themes.append(try self.library.load(name))
            } catch {
                if problem == nil, now[name] != before[name] { problem = "\(error)" }
            }
        }
        return (themes, problem)
    }

    /// The file of each theme that has one, by what it is loaded by.
    private static func paths(_ library: ThemeLibrary, _ file: String?) -> [(name: String, path: String)] {
        library.names().compactMap { name in library.path(of: name).map { (name, $0) } } + (file.map { [($0, $0)] } ?? [])
    }

    private static func marks(_ paths: [(name: String, path: String)]) -> [String: Mark] {
        var marks: [String: Mark] = [:]
        for (name, path) in paths {
            var status = stat()
            if stat(path, &status) == 0 { marks[name] = Mark(status) }
        }
        return marks
    }
}
