import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A process of the program `AttachTestChild` that serves a container. It is killed at the end of its test.
final class ChildServer {
    /// The process does not answer.
    struct Silent: Error, CustomStringConvertible {
        let description: String
    }

    /// The program, built together with the tests. The environment variable `RESMON_ATTACH_CHILD` names another build of it, such as one with
    /// a sanitizer.
    static let program: String = {
        if let path = ProcessInfo.processInfo.environment["RESMON_ATTACH_CHILD"] { return path }
        let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent().appendingPathComponent("AttachTestChild").path
    }()

    let folder: TestFolder
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let logs: TestFolder
    private var unread: [UInt8] = []
    /// The path of its socket.
    private(set) var path = ""

    /// Starts a process and waits until it serves. `isBusy` gives it a thread that opens and closes scopes. `realUser` is its real user, if
    /// that differs from the effective one.
    init(isBusy: Bool = true, in folder: TestFolder? = nil, realUser: UInt32? = nil) throws {
        self.folder = try folder ?? TestFolder()
        self.logs = try TestFolder()
        var environment = ProcessInfo.processInfo.environment
        for name in ["RESMON_ATTACH", "RESMON_SOCKET_DIR"] { environment[name] = nil }
        var words = [Self.program, isBusy ? "serve" : "idle", self.folder.path]
        if let realUser { words = ["/usr/bin/setpriv", "--ruid", String(realUser)] + words }
        self.process.executableURL = URL(fileURLWithPath: words[0])
        self.process.arguments = Array(words.dropFirst())
        self.process.environment = environment
        self.process.standardInput = self.input
        self.process.standardOutput = self.output
        try Data().write(to: self.errors)
        self.process.standardError = try FileHandle(forWritingTo: self.errors)
        try self.process.run()
        let line = try self.line()
        guard line.hasPrefix("ready ") else { throw Silent(description: "the child printed '\(line)'") }
        self.path = String(line.dropFirst("ready ".count))
    }

    deinit {
        self.signal(SIGKILL)
    }

    var pid: Int32 { self.process.processIdentifier }

    func signal(_ number: Int32) {
        kill(self.pid, number)
    }

    /// Sends a line to the process and returns its answer.
    func ask(_ line: String) throws -> String {
        try self.input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8))
        return try self.line()
    }

    /// Sends a line to the process and returns the number in its answer.
    func number(_ line: String) throws -> Int {
        let answer = try self.ask(line)
        guard let number = Int(answer) else { throw Silent(description: "the child printed '\(answer)'") }
        return number
    }

    /// The file with the error output of the process.
    private var errors: URL { URL(fileURLWithPath: self.logs.path).appendingPathComponent("errors") }

    /// The first report of a sanitizer in the error output of the process; empty without one.
    var sanitizerReport: String {
        let output = (try? Data(contentsOf: self.errors)) ?? Data()
        let marks = ["WARNING: ThreadSanitizer", "ERROR: AddressSanitizer"]
        guard let begin = marks.compactMap({ output.range(of: Data($0.utf8))?.lowerBound }).min() else { return "" }
        return String(decoding: output[begin...].prefix(8_000), as: UTF8.self)
    }

    /// The next line of the process.
    private func line() throws -> String {
        let descriptor = self.output.fileHandleForReading.fileDescriptor
        let end = ContinuousClock.now + .seconds(20)
        while true {
            if let feed = self.unread.firstIndex(of: 0x0A) {
                defer { self.unread.removeFirst(feed + 1) }
                return String(decoding: self.unread[..<feed], as: UTF8.self)
            }
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard ContinuousClock.now < end, poll(&entry, 1, 1000) >= 0 else { throw Silent(description: "the child does not answer") }
            if entry.revents == 0 { continue }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { throw Silent(description: "the child has closed its output") }
            self.unread += buffer[..<count]
        }
    }

    /// The processor time of the process, in ticks of the system, usually 10 ms.
    var ticks: Int {
        let status = (try? String(contentsOfFile: "/proc/\(self.pid)/stat", encoding: .utf8)) ?? ""
        let fields = status.split(separator: ")").last?.split(separator: " ") ?? []
        // User and system time, counted from the field after the name.
        return fields.dropFirst(11).prefix(2).reduce(0) { sum, field in sum + (Int(field) ?? 0) }
    }

    /// How often the threads of the process have gone to sleep, by thread.
    var sleeps: [String: Int] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(self.pid)/task")) ?? []
        var sleeps: [String: Int] = [:]
        for thread in threads {
            // The manager thread of libdispatch wakes up once a second as soon as a program has run a task. The server waits in poll.
            let place = try? String(contentsOfFile: "/proc/\(self.pid)/task/\(thread)/wchan", encoding: .utf8)
            if place?.contains("epoll") ?? false { continue }
            // A thread may end between listing and reading.
            let status = (try? String(contentsOfFile: "/proc/\(self.pid)/task/\(thread)/status", encoding: .utf8)) ?? ""
            let line = status.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches:") }
            sleeps[thread] = line?.split(separator: "\t").last.flatMap { Int($0) }
        }
        return sleeps
    }
}
