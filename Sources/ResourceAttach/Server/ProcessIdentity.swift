import ResourceContainer
import ResourceMonitoring
import ResourceRecording

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension AttachDescription {
    /// The description of this process. Arguments and environment are not part of it.
    static func ofThisProcess() -> AttachDescription {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return AttachDescription(
            instance: Self.randomText(),
            pid: getpid(),
            uid: geteuid(),
            host: Self.host,
            program: Self.program,
            started: Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec),
            beatNanoseconds: AttachLimits.beat.wholeNanoseconds,
            processStarted: Int64(ExportedProcess.current.startTime * 1e9),
            version: ExportedProcess.libraryVersion
        )
    }

    private static func randomText() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    private static var host: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "" }
        return Self.text(name).asName
    }

    /// The last component of the program's path.
    private static var program: String {
        #if canImport(Darwin)
            let path = CommandLine.arguments.first ?? ""
        #else
            var buffer = [CChar](repeating: 0, count: 4096)
            let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
            let path = count > 0 ? Self.text(buffer) : CommandLine.arguments.first ?? ""
        #endif
        return (path.split(separator: "/").last.map(String.init) ?? path).asName
    }

    /// The text up to the zero byte.
    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
