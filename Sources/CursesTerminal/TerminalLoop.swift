import CTerminal
import ResourceDashboard

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// `poll`, for a terminal too. Darwin's does not support `/dev/tty`.
private func waitForInput(_ descriptors: inout [pollfd], timeout: Int32) -> Int32 {
    #if canImport(Darwin)
        ct_poll(&descriptors, nfds_t(descriptors.count), timeout)
    #else
        poll(&descriptors, nfds_t(descriptors.count), timeout)
    #endif
}

/// The loop of the terminal's thread. It waits for keys, signals, requests and printed text, and uses no processor time while it waits.
final class TerminalLoop {
    private let screen: CursesScreen
    private let mailbox: TerminalMailbox
    private let captured: CapturedOutput
    private var decoder = InputDecoder()
    private var events: [TerminalEvent] = []
    private var hasInput = true
    private var isClosed = false
    private var isReleased = false
    private var releasing: [CheckedContinuation<Void, Never>] = []
    private var buffer = [UInt8](repeating: 0, count: 4096)

    init(_ screen: CursesScreen, mailbox: TerminalMailbox, captured: CapturedOutput) {
        self.screen = screen
        self.mailbox = mailbox
        self.captured = captured
        if let notice = screen.notice { self.events.append(.captured(line: notice, isError: true)) }
    }

    /// Runs until the terminal is released.
    func run() {
        ct_use_alternate_stack()
        ct_report_failures()
        self.post()
        while !self.isReleased {
            self.wait()
            self.post()
        }
        for request in self.mailbox.end() { self.refuse(request) }
        self.screen.end()
        // Resumed last, so that another terminal can be opened immediately.
        for continuation in self.releasing { continuation.resume() }
    }

    private func post() {
        self.mailbox.post(self.events)
        self.events.removeAll()
    }

    private func wait() {
        var descriptors = [self.screen.signals, self.hasInput && !self.isClosed ? self.screen.input : -1].map(Self.readable)
        descriptors += self.captured.descriptors.map(Self.readable)
        let timeout = self.hasInput && !self.isClosed ? self.decoder.flushDelay ?? -1 : -1
        let count = waitForInput(&descriptors, timeout: Int32(timeout))
        if count == 0 { self.events += self.decoder.flush().map(TerminalEvent.input) }
        guard count > 0 else { return }
        // Printed text first, because it is the oldest.
        if descriptors.dropFirst(2).contains(where: { $0.revents != 0 }) { self.events += self.captured.read() }
        if descriptors[1].revents != 0 { self.readInput() }
        if descriptors[0].revents != 0 { self.readSignals() }
    }

    private static func readable(_ descriptor: Int32) -> pollfd {
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    }

    private func readInput() {
        let count = read(self.screen.input, &self.buffer, self.buffer.count)
        if count > 0 {
            self.events += self.decoder.feed(self.buffer[..<count]).map(TerminalEvent.input)
        } else if count < 0, errno == EIO, self.screen.isInBackground {
            // The process was moved to the background while it was stopped. The keys belong to the foreground process.
            self.resume()
        } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
            self.hangUp()
        }
    }

    private func hangUp() {
        self.hasInput = false
        self.events.append(.hangUp)
    }

    private func readSignals() {
        let count = read(self.screen.signals, &self.buffer, self.buffer.count)
        guard count > 0 else { return }
        // A size change or a continuation is processed once, however often its signal arrived.
        let numbers = Set(self.buffer[..<count].map(Int32.init))
        for number in [SIGTERM, SIGINT, SIGHUP] where numbers.contains(number) { self.events.append(.signal(number)) }
        if !self.isClosed {
            for number in [SIGTSTP, SIGTTIN, SIGTTOU] where numbers.contains(number) { self.suspend(number, wholeGroup: false) }
            if numbers.contains(SIGCONT) { self.resume() }
            if numbers.contains(SIGWINCH), self.screen.takeSize() { self.sizeChanged() }
        }
        for request in self.mailbox.takeRequests() { self.answer(request) }
    }

    private func answer(_ request: TerminalMailbox.Request) {
        switch request {
        case .draw(let canvas, let continuation):
            let began = ContinuousClock.now
            if !self.isClosed, self.hasInput { self.screen.draw(canvas) }
            continuation.resume(returning: ContinuousClock.now - began)
        case .redraw(let continuation):
            if !self.isClosed { self.screen.redraw() }
            continuation.resume()
        case .setMouse(let enabled, let continuation):
            if !self.isClosed { self.screen.setMouse(enabled) }
            continuation.resume()
        case .copy(let text, let continuation):
            if !self.isClosed { self.screen.copy(text) }
            continuation.resume()
        case .suspend(let continuation):
            if !self.isClosed { self.suspend(SIGTSTP, wholeGroup: true) }
            continuation.resume()
        case .close(let continuation):
            self.close()
            continuation.resume()
        case .release(let continuation):
            self.close()
            self.isReleased = true
            self.releasing.append(continuation)
        }
    }

    private func refuse(_ request: TerminalMailbox.Request) {
        switch request {
        case .draw(_, let continuation): continuation.resume(returning: .zero)
        case .redraw(let continuation), .setMouse(_, let continuation), .copy(_, let continuation), .suspend(let continuation),
            .close(let continuation),
            .release(let continuation):
            continuation.resume()
        }
    }

    private func suspend(_ number: Int32, wholeGroup: Bool) {
        self.afterResuming(self.screen.suspend(number, wholeGroup: wholeGroup))
    }

    private func resume() {
        self.afterResuming(self.screen.resume())
    }

    private func afterResuming(_ isInForeground: Bool) {
        guard isInForeground else { return self.hangUp() }
        self.events.append(.resumed)
        if self.screen.size != self.mailbox.size { self.sizeChanged() }
    }

    private func sizeChanged() {
        self.mailbox.size = self.screen.size
        self.events.append(.input(.resize(self.screen.size)))
    }

    private func close() {
        guard !self.isClosed else { return }
        self.isClosed = true
        self.screen.leave()
        self.captured.finish()
    }
}
