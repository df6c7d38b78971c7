import ResourceContainer
import ResourceDashboard

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A detector for changes of theme files: a file is edited, added or removed, or a link points to another file.
///
/// It compares the files with their previous state on request, and runs nothing in between.
public final class ThemeWatch: Sendable {
    /// The attributes that identify a version of a file. Times alone are not enough: files of a checkout, or files that were copied with
    /// their times, may have equal times.
    private struct Mark: Hashable {
        var device: UInt64
        var inode: UInt64
        var size: Int64
        var modified: Int64
        var changed: Int64

        init(_ status: stat) {
            self.device = UInt64(truncatingIfNeeded: status.st_dev)
            self.inode = UInt64(truncatingIfNeeded: status.st_ino)
            self.size = Int64(status.st_size)
            #if canImport(Darwin)
                self.modified = Self.nanoseconds(status.st_mtimespec)
                self.changed = Self.nanoseconds(status.st_ctimespec)
            #else
                self.modified = Self.nanoseconds(status.st_mtim)
                self.changed = Self.nanoseconds(status.st_ctim)
            #endif
        }

        /// Used only for comparison, so overflow may wrap.
        private static func nanoseconds(_ time: timespec) -> Int64 {
            Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
        }
    }

    private let library: ThemeLibrary
    /// A theme that was given by its path and need not be in the library's directories.
    private let file: String?
    private let seen: Lock<[String: Mark]>

    /// Creates a detector for the files of `library`, and for `file` if it is not nil. Changes from now on are reported.
    public init(_ library: ThemeLibrary, file: String? = nil) {
        self.library = library
        self.file = file
        self.seen = Lock(Self.marks(Self.paths(library, file)))
    }

    /// If a file has changed since the last call, returns the themes that load, and the error of the first changed theme that does not.
    /// Otherwise nil.
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

    /// The name and the path of every theme that has a file.
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
