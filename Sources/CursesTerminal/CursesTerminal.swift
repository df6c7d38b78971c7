import CTerminal
import ResourceDashboard

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The terminal of the process through curses: a thread of its own owns curses, the keyboard, the signals and what is printed.
///
/// There can be one at a time. While it is open, what the process prints to a terminal is captured and arrives as events; the last of it
/// is printed by ``close()``. However the process ends - by ``close()``, a signal, a crash, `exit` - the terminal is restored.
public final class CursesTerminal: DashboardTerminal {
    public let colorDepth: ColorDepth
    private let mailbox: TerminalMailbox

    /// Takes the terminal over, or says why that is not possible.
    public static func open(_ options: TerminalOptions = TerminalOptions()) throws(TerminalError) -> CursesTerminal {
        try CursesTerminal(options)
    }

    private init(_ options: TerminalOptions) throws(TerminalError) {
        let screen = try CursesScreen(options, probe: TerminalProbe())
        let captured: CapturedOutput
        do throws(TerminalError) {
            captured = try CapturedOutput()
        } catch {
            screen.leave()
            screen.end()
            throw error
        }
        ct_use_alternate_stack()
        self.colorDepth = screen.colorDepth
        self.mailbox = TerminalMailbox(size: screen.size, wake: { ct_wake() })
        let loop = TerminalLoop(screen, mailbox: self.mailbox, captured: captured)
        let code = startThread {
            loop.run()
        }
        guard code == 0 else {
            captured.finish()
            screen.leave()
            screen.end()
            throw .system("the thread for the terminal cannot be started", code)
        }
    }

    public var size: Size {
        self.mailbox.size
    }

    public func nextEvents() async -> [TerminalEvent] {
        await self.mailbox.nextEvents()
    }

    @discardableResult
    public func draw(_ canvas: Canvas) async -> Duration {
        await withCheckedContinuation { continuation in
            if !self.mailbox.ask(.draw(canvas, continuation)) { continuation.resume(returning: .zero) }
        }
    }

    public func redraw() async {
        await self.ask { .redraw($0) }
    }

    public func setMouse(_ enabled: Bool) async {
        await self.ask { .setMouse(enabled, $0) }
    }

    public func copy(_ text: String) async {
        await self.ask { .copy(text, $0) }
    }

    public func suspend() async {
        await self.ask { .suspend($0) }
    }

    public func close() async {
        await self.ask { .close($0) }
    }

    public func release() async {
        await self.ask { .release($0) }
    }

    private func ask(_ request: (CheckedContinuation<Void, Never>) -> TerminalMailbox.Request) async {
        await withCheckedContinuation { continuation in
            if !self.mailbox.ask(request(continuation)) { continuation.resume() }
        }
    }
}

/// Runs `body` on a new thread; 0, or the code of what kept it from being started.
private func startThread(_ body: @escaping () -> Void) -> Int32 {
    let box = Unmanaged.passRetained(Box(body))
    #if canImport(Darwin)
        var thread: pthread_t?
    #else
        var thread = pthread_t()
    #endif
    let code = pthread_create(&thread, nil, runBox, box.toOpaque())
    guard code == 0 else {
        box.release()
        return code
    }
    #if canImport(Darwin)
        if let thread { pthread_detach(thread) }
    #else
        pthread_detach(thread)
    #endif
    return 0
}

private final class Box {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
}

#if canImport(Darwin)
    private func runBox(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
        return nil
    }
#else
    private func runBox(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument else { return nil }
        Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
        return nil
    }
#endif
