import CTerminal
import ResourceDashboard

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The terminal of the process, driven by curses. A dedicated thread owns curses, the keyboard, the signals and the captured output.
///
/// Only one can be open at a time. While it is open, text that the process prints to a terminal is captured and arrives as events; the last
/// lines are printed by ``close()``. The terminal is restored in every case: by ``close()``, and after a signal, a crash or `exit`.
public final class CursesTerminal: DashboardTerminal {
    /// The color depth of the screen.
    public let colorDepth: ColorDepth
    private let mailbox: TerminalMailbox

    /// Takes over the terminal.
    ///
    /// - Throws: ``TerminalError`` with the reason why the terminal cannot be used.
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

    /// The current size of the screen.
    public var size: Size {
        self.mailbox.size
    }

    /// Waits for events and returns those since the last call, oldest first. Empty when the terminal is closed or the task is canceled.
    public func nextEvents() async -> [TerminalEvent] {
        await self.mailbox.nextEvents()
    }

    /// Shows `canvas` and returns the time that this took; zero if the terminal is closed.
    @discardableResult
    public func draw(_ canvas: Canvas) async -> Duration {
        await withCheckedContinuation { continuation in
            if !self.mailbox.ask(.draw(canvas, continuation)) { continuation.resume(returning: .zero) }
        }
    }

    /// Sends the whole screen again.
    public func redraw() async {
        await self.ask { .redraw($0) }
    }

    /// Turns mouse reports on or off.
    public func setMouse(_ enabled: Bool) async {
        await self.ask { .setMouse(enabled, $0) }
    }

    /// Copies a text to the user's clipboard (OSC 52), if the terminal allows it.
    public func copy(_ text: String) async {
        await self.ask { .copy(text, $0) }
    }

    /// Restores the terminal and stops the process. Returns when the process is continued, with the last canvas shown again.
    public func suspend() async {
        await self.ask { .suspend($0) }
    }

    /// Restores the terminal and prints the last captured lines. Signals still arrive as events until ``release()``.
    public func close() async {
        await self.ask { .close($0) }
    }

    /// Restores the previous signal handlers and ends the terminal's thread. Another terminal can be opened afterward.
    public func release() async {
        await self.ask { .release($0) }
    }

    private func ask(_ request: (CheckedContinuation<Void, Never>) -> TerminalMailbox.Request) async {
        await withCheckedContinuation { continuation in
            if !self.mailbox.ask(request(continuation)) { continuation.resume() }
        }
    }
}

/// Runs `body` on a new thread. Returns 0 or the error code of `pthread_create`.
private func startThread(_ body: @escaping () -> Void) -> Int32 {
    let box = Unmanaged.passRetained(Box(body))
    #if canImport(Glibc)
        var thread = pthread_t()
    #else
        var thread: pthread_t?
    #endif
    let code = pthread_create(
        &thread,
        nil,
        { argument in
            // Optional on some systems only.
            let pointer: UnsafeMutableRawPointer? = argument
            if let pointer { Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body() }
            return nil
        },
        box.toOpaque()
    )
    guard code == 0 else {
        box.release()
        return code
    }
    #if canImport(Glibc)
        pthread_detach(thread)
    #else
        if let thread { pthread_detach(thread) }
    #endif
    return 0
}

private final class Box {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
}
