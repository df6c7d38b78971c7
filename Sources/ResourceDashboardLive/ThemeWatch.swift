import ResourceContainer
import ResourceDashboard

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Sees when a theme's file is edited, added or removed.
///
/// It is asked, and looks at the times of the files then: nothing runs while nobody asks.
public final class ThemeWatch: Sendable {
    private let library: ThemeLibrary
    private let seen: Lock<[String: Int64]>

    /// Watches the files of `library`, as they are now.
    public init(_ library: ThemeLibrary) {
        self.library = library
        self.seen = Lock(Self.times(library))
    }

    /// The themes as they are now, if a file has changed since the last call: those that load, and what is wrong with the first that does
    /// not and was changed.
    func changes() -> (themes: [Theme], problem: String?)? {
        let now = Self.times(self.library)
        let before = self.seen.withLock { seen in
            defer { seen = now }
            return seen
        }
        if now == before { return nil }
        var themes: [Theme] = []
        var problem: String?
        for name in self.library.names() {
            do {
                themes.append(try self.library.load(name))
            } catch {
                if problem == nil, now[name] != before[name] { problem = "\(error)" }
            }
        }
        return (themes, problem)
    }

    /// When each theme's file was changed last, in nanoseconds.
    private static func times(_ library: ThemeLibrary) -> [String: Int64] {
        var times: [String: Int64] = [:]
        for name in library.names() {
            guard let path = library.path(of: name) else { continue }
            var status = stat()
            if stat(path, &status) == 0 { times[name] = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec) }
        }
        return times
    }
}
