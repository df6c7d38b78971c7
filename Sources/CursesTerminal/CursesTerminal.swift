import CTerminal
import Glibc
import ResourceDashboard

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
        ct_use_alternate_stack()
        self.colorDepth = screen.colorDepth
        self.mailbox = TerminalMailbox(size: screen.size, wake: { ct_wake() })
        let loop = TerminalLoop(screen, mailbox: self.mailbox)
        guard
            startThread({
                // The worker threads of a Swift program block most signals, and a thread that one of them starts inherits that: the signal by
                // which the loop stops the process would stay pending.
                var stop = sigset_t()
                sigemptyset(&stop)
                sigaddset(&stop, SIGTSTP)
                pthread_sigmask(SIG_UNBLOCK, &stop, nil)
                loop.run()
            })
        else {
            screen.leave()
            ct_uninstall()
            throw TerminalError("the thread for the terminal cannot be started")
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

/// Runs `body` on a new thread; false if there is none to be had.
private func startThread(_ body: @escaping () -> Void) -> Bool {
    final class Box {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }
    let box = Unmanaged.passRetained(Box(body))
    var thread = pthread_t()
    let code = pthread_create(
        &thread,
        nil,
        { argument in
            guard let argument else { return nil }
            Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
            return nil
        },
        box.toOpaque()
    )
    guard code == 0 else {
        box.release()
        return false
    }
    pthread_detach(thread)
    return true
}
