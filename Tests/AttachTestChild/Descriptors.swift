import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The open descriptors of the process.
enum Descriptors {
    private static let filler = Mutex<[Int32]>([])

    /// Opens descriptors until the process has no other left.
    static func fill() {
        var limit = rlimit()
        #if canImport(Glibc)
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            limit.rlim_cur = 256
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #else
            getrlimit(RLIMIT_NOFILE, &limit)
            limit.rlim_cur = 256
            setrlimit(RLIMIT_NOFILE, &limit)
        #endif
        self.filler.withLock { filler in
            while true {
                let number = open("/dev/null", O_RDONLY | O_CLOEXEC)
                if number < 0 { break }
                filler.append(number)
            }
        }
        AttachTestChild.say("filled")
    }

    /// Closes the descriptors of ``fill()``.
    static func empty() {
        self.filler.withLock { filler in
            for number in filler { close(number) }
            filler = []
        }
        AttachTestChild.say("emptied")
    }

    /// The descriptors of sockets that a program has which this process starts by fork and exec.
    static func inheritedSockets() -> String {
        let path = "/tmp/resmon-inherited-\(getpid())"
        defer { unlink(path) }
        let script = #"for fd in /proc/$$/fd/*; do case $(readlink $fd) in socket:*) echo ${fd##*/};; esac; done > "$0""#
        let words: [String] = ["sh", "-c", script, path]
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        // Without file actions, every descriptor that is not closed by exec is inherited.
        guard posix_spawn(&process, "/bin/sh", nil, nil, &arguments, environ) == 0 else { return "not started" }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let sockets = (try? String(contentsOfFile: path, encoding: .utf8)) ?? "not written"
        return "sockets:" + sockets.replacing("\n", with: " ")
    }
}
