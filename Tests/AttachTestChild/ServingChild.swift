import Foundation
import ResourceAttach
import ResourceContainer

/// A served container that obeys lines of standard input. Each is answered with one line.
struct ServingChild {
    /// The activity in the container.
    enum Work {
        case idle
        case scopes
        case events
        case resources(Int)

        /// The work of a mode on the command line; nil if there is no such mode.
        init?(mode: String, count: Int?) {
            switch (mode, count) {
            case ("idle", nil): self = .idle
            case ("serve", nil): self = .scopes
            case ("storm", nil): self = .events
            case ("large", let count?): self = .resources(count)
            default: return nil
            }
        }
    }

    private let container = Container("child")
    private let attach: ResourceAttach
    private let scopeLoad: ScopeLoad?
    private let eventLoad: EventLoad?
    /// The scopes of long-lived resources. Without a reference they would count as forgotten.
    private let kept: [Scope]

    init(folder: String, _ work: Work) throws {
        self.attach = ResourceAttach(self.container, acting: .owner, options: AttachOptions(directory: folder))
        try self.container.bind(Parcel.self, options: BindingOptions(allowsFaults: true)) { Parcel() }
        self.scopeLoad = if case .scopes = work { ScopeLoad(self.container) } else { nil }
        self.eventLoad = if case .events = work { EventLoad(self.container) } else { nil }
        self.kept = if case .resources(let count) = work { try LongLived.fill(self.container, count: count) } else { [] }
    }

    func run() async {
        let inherited = Descriptors.inheritedSockets()
        self.attach.start()
        guard let path = self.attach.path else { exit(1) }
        self.scopeLoad?.start()
        self.eventLoad?.start()
        AttachTestChild.say("ready \(path)")
        while let line = readLine() {
            switch line {
            // The longest pause of the load since the last time, in nanoseconds.
            case "pause": AttachTestChild.say("\(self.scopeLoad?.takePause() ?? 0)")
            // The number of events so far.
            case "events": AttachTestChild.say("\(self.container.books().sequence)")
            // The number of open scopes that clients have opened.
            case "scopes": AttachTestChild.say("\(self.container.snapshot().scopes.count { $0.name.hasPrefix("manual") })")
            case "memory": AttachTestChild.say("\(Self.residentKilobytes)")
            case "block": self.blockPool()
            case "fill":
                // The first tasks of a process need descriptors of libdispatch, which ends the process if it cannot have them.
                await Task.detached { try? await Task.sleep(for: .milliseconds(1)) }.value
                Descriptors.fill()
            case "empty": Descriptors.empty()
            // The sockets that a program inherits which this process starts, unless it inherited them before the server was started.
            case "inherited":
                let now = Descriptors.inheritedSockets()
                AttachTestChild.say(now == inherited ? "none" : "\(now), before: \(inherited)")
            case "close":
                self.stopLoad()
                _ = try? await self.container.close()
                AttachTestChild.say("closed")
            case "stop":
                self.attach.stop()
                AttachTestChild.say("stopped")
            default: AttachTestChild.say("unknown")
            }
        }
        self.stopLoad()
        self.attach.stop()
    }

    private func stopLoad() {
        self.scopeLoad?.stop()
        self.eventLoad?.stop()
    }

    /// Blocks every thread of the cooperative pool for some seconds.
    private func blockPool() {
        for _ in 0..<2 * ProcessInfo.processInfo.activeProcessorCount {
            // Unstructured: they must run beside this thread, which reads further lines.
            Task.detached { Self.block() }
        }
        AttachTestChild.say("blocked")
    }

    private static func block() {
        Thread.sleep(forTimeInterval: 4)
    }

    private static var residentKilobytes: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return Int(line.filter(\.isNumber)) ?? 0
    }
}
