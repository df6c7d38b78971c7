import CNCurses
import CTerminal
import ResourceDashboard

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The curses screen. Confined to one thread at a time, because curses is not thread-safe.
final class CursesScreen {
    /// The read end of the signal pipe: one byte for each signal.
    let signals: Int32
    let colorDepth: ColorDepth
    /// A notice for the user, for example about a replaced terminal type.
    let notice: String?
    private(set) var size: Size

    private let files: TerminalFiles
    private let screen: OpaquePointer
    private let hasDefaults: Bool
    private let pairLimit: Int
    /// Whether the terminal has no alternate screen, so that the last frame stays visible after the screen is left.
    private let pictureStays: Bool
    private var renditions: [Style: (attributes: attr_t, pair: Int32)] = [:]
    /// The style of the last cell. Most neighbors have the same style, and a comparison costs less than a lookup.
    private var latest: (style: Style, rendition: (attributes: attr_t, pair: Int32))?
    private var shown: Canvas?
    private var isStale = true
    private var buffer: [cchar_t] = []
    private var mouse: Bool
    private var isUp = true
    private var hasEnded = false

    /// Takes over the terminal: signals, modes, the alternate screen. A background process is stopped until it is in the foreground.
    ///
    /// - Parameter device: the terminal; by default the controlling terminal, independent of standard input and output.
    init(_ options: TerminalOptions, probe: TerminalProbe, device: String = "/dev/tty") throws(TerminalError) {
        if let obstacle = probe.obstacle { throw obstacle }
        let files = try TerminalFiles(device)
        let output = files.outputDescriptor
        guard ct_await_foreground(output) else {
            throw TerminalError("this process is in the background of its terminal and cannot be stopped there: start it in the foreground")
        }
        // Before newterm, because curses installs its own handlers where there are none.
        let signals = ct_install(output)
        guard signals >= 0 else {
            let code = errno
            throw code == EBUSY
                ? TerminalError("this process already shows a dashboard; only one is possible at a time")
                : .system("signals cannot be received", code)
        }
        Self.chooseLocale(probe)
        // From here on the terminal modes change.
        ct_set_screen_up(true, false)
        let notice = Self.notice(probe)
        guard let (term, screen, mode) = Self.start(options.color, probe, files) else {
            ct_set_screen_up(false, false)
            ct_restore_modes()
            ct_uninstall()
            // Curses does not report the reason. Without a free descriptor it cannot read its database.
            if TerminalProbe.spareDescriptors(upTo: 1) == 0 { throw .system("the terminal database cannot be read", EMFILE) }
            throw .unknown(term: probe.term)
        }
        guard cn_has_string("cup") else {
            endwin()
            ct_set_screen_up(false, false)
            ct_restore_modes()
            ct_uninstall()
            delscreen(screen)
            throw .unfit(term: term)
        }
        self.pictureStays = !cn_has_string("rmcup")
        ct_set_screen_up(true, self.pictureStays)
        self.files = files
        self.screen = screen
        self.signals = signals
        self.mouse = options.mouse
        self.notice = notice(term)

        raw()
        noecho()
        nonl()
        keypad(cn_screen(), false)
        leaveok(cn_screen(), true)
        // Otherwise curses polls the keyboard and postpones output.
        typeahead(-1)
        curs_set(0)
        // Curses crashes if a color pair is allocated on a terminal without colors.
        let offered: ColorDepth = has_colors() && start_color() == OK ? .offered(colors: Int(cn_colors())) : .monochrome
        self.colorDepth = min(mode.depth, offered)
        // Also without colors: curses would otherwise draw white on black.
        self.hasDefaults = offered != .monochrome && use_default_colors() == OK
        self.pairLimit = max(1, Int(cn_color_pairs()) - 1)
        self.size = WindowSize.ofVariables(TerminalProbe.variable) ?? WindowSize.standard
        resizeterm(Int32(self.size.height), Int32(self.size.width))
        _ = self.takeSize()
        self.enter()
    }

    /// The descriptor for keys. Reads do not block.
    var input: Int32 { self.files.inputDescriptor }

    /// Whether another process group is in the foreground of the terminal.
    var isInBackground: Bool { ct_is_background(self.files.outputDescriptor) }

    /// Draws `canvas` at the top left. Cells outside the screen are dropped; screen cells outside the canvas are blank.
    func draw(_ canvas: Canvas) {
        guard self.isUp, let window = cn_screen(), ct_begin_output() else { return }
        defer { ct_end_output() }
        var before = self.isStale ? nil : self.shown
        if before?.size != canvas.size {
            before = nil
            werase(window)
        }
        let width = min(canvas.size.width, self.size.width)
        if width > 0 {
            for y in 0..<min(canvas.size.height, self.size.height) {
                let row = canvas.row(y).prefix(width)
                if let before, before.row(y).prefix(width) == row { continue }
                self.draw(row, y: Int32(y), in: window)
            }
        }
        if self.isStale { clearok(window, true) }
        self.isStale = false
        self.shown = canvas
        wnoutrefresh(window)
        doupdate()
    }

    /// Marks the whole screen as stale, and draws the last canvas again.
    func redraw() {
        self.isStale = true
        if let shown = self.shown { self.draw(shown) }
    }

    /// Reads the terminal's size and returns whether it has changed. The next canvas is then drawn completely.
    func takeSize() -> Bool {
        guard let size = WindowSize.ofTerminal(self.files.outputDescriptor)?.drawn else { return false }
        resizeterm(Int32(size.height), Int32(size.width))
        self.isStale = true
        defer { self.size = size }
        return size != self.size
    }

    func setMouse(_ enabled: Bool) {
        self.mouse = enabled
        if self.isUp { self.send(enabled ? Self.mouseOn : Self.mouseOff) }
    }

    /// Copies a text to the terminal's clipboard.
    func copy(_ text: String) {
        if self.isUp { self.send("\u{1B}]52;c;\(Base64.encoded(text))\u{07}") }
    }

    /// Restores the terminal, stops the process by the signal `number`, and takes the terminal over again when the process is continued.
    /// Returns false if the process stays in the background.
    func suspend(_ number: Int32, wholeGroup: Bool) -> Bool {
        self.leave()
        _ = ct_stop(number, wholeGroup)
        return self.resume()
    }

    /// Takes the terminal over again after another program may have used it. Returns false if the process stays in the background.
    func resume() -> Bool {
        guard ct_await_foreground(self.files.outputDescriptor) else { return false }
        self.isUp = true
        ct_set_screen_up(true, self.pictureStays)
        _ = self.takeSize()
        reset_prog_mode()
        // Curses hides the cursor only if it believes that the cursor is visible. Another program may have shown it.
        curs_set(1)
        curs_set(0)
        self.enter()
        self.redraw()
        return true
    }

    /// Restores the terminal.
    func leave() {
        guard self.isUp else { return }
        self.isUp = false
        self.send(Self.mouseOff + Self.reportsOff)
        if ct_begin_output() {
            endwin()
            ct_end_output()
        }
        // Later output begins below the last frame, whose bottom row has the keys.
        if self.pictureStays { self.send("\r\n") }
        ct_set_screen_up(false, false)
        ct_restore_modes()
    }

    /// Releases the signals, the descriptors and the memory of curses. Call ``leave()`` first.
    func end() {
        guard !self.hasEnded else { return }
        self.hasEnded = true
        delscreen(self.screen)
        ct_uninstall()
        self.files.end()
    }

    private func enter() {
        guard ct_begin_output() else { return }
        // The first refresh switches to the alternate screen. Modes that are switched on afterward belong to that screen.
        clearok(cn_screen(), true)
        wrefresh(cn_screen())
        ct_end_output()
        self.send(Self.reportsOn + (self.mouse ? Self.mouseOn : ""))
    }

    private static let mouseOn = "\u{1B}[?1002h\u{1B}[?1006h"
    private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l"
    /// Bracketed paste and focus reports.
    private static let reportsOn = "\u{1B}[?2004h\u{1B}[?1004h"
    private static let reportsOff = "\u{1B}[?1004l\u{1B}[?2004l"

    private func send(_ text: String) {
        guard ct_begin_output() else { return }
        defer { ct_end_output() }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { write(self.files.outputDescriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            if written <= 0 { return }
            bytes = bytes.dropFirst(written)
        }
    }
}

extension CursesScreen {
    private func draw(_ row: ArraySlice<Cell>, y: Int32, in window: UnsafeMutablePointer<WINDOW>) {
        self.buffer.removeAll(keepingCapacity: true)
        for cell in row {
            // The second half of a wide character; curses creates it itself.
            if cell.width == 0 { continue }
            self.append(cell)
        }
        mvwadd_wchnstr(window, y, 0, self.buffer, Int32(self.buffer.count))
    }

    private func append(_ cell: Cell) {
        let rendition = self.rendition(cell.style)
        // A curses cell holds five scalars and a terminator.
        var text: (wchar_t, wchar_t, wchar_t, wchar_t, wchar_t, wchar_t) = (0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &text) { bytes in
            let scalars = bytes.bindMemory(to: wchar_t.self)
            var index = 0
            for scalar in cell.text.unicodeScalars where index < 5 {
                scalars[index] = wchar_t(scalar.value)
                index += 1
            }
        }
        if text.0 < 0x20 || text.0 >= 0x7F, Int32(cell.width) != cn_width(text.0) {
            // The C library and the canvas disagree about the width, which would shift the rest of the row.
            for _ in 0..<cell.width { self.append(Cell(text: "?", style: cell.style)) }
            return
        }
        var result = cchar_t()
        let code = withUnsafeBytes(of: &text) { bytes in
            cn_set_cell(&result, bytes.bindMemory(to: wchar_t.self).baseAddress, rendition.attributes, rendition.pair)
        }
        if code == OK {
            self.buffer.append(result)
        } else {
            for _ in 0..<cell.width { self.append(Cell(text: "?", style: cell.style)) }
        }
    }

    private func rendition(_ style: Style) -> (attributes: attr_t, pair: Int32) {
        if let latest = self.latest, latest.style == style { return latest.rendition }
        if let known = self.renditions[style] {
            self.latest = (style, known)
            return known
        }
        // When its pairs are used up, curses reassigns the oldest one. Clear the cache before that.
        if self.renditions.count >= self.pairLimit { self.renditions.removeAll() }
        let nearest = self.colorDepth.nearest(style)
        var attributes: attr_t = 0
        if nearest.attributes.contains(.bold) { attributes |= cn_bold() }
        if nearest.attributes.contains(.dim) { attributes |= cn_dim() }
        if nearest.attributes.contains(.italic) { attributes |= cn_italic() }
        if nearest.attributes.contains(.underline) { attributes |= cn_underline() }
        if nearest.attributes.contains(.reverse) { attributes |= cn_reverse() }
        var pair: Int32 = 0
        if self.colorDepth != .monochrome {
            let colors = ColorPair(nearest, depth: self.colorDepth, hasDefaults: self.hasDefaults)
            if !colors.isDefault { pair = max(0, alloc_pair(colors.foreground, colors.background)) }
        }
        let rendition = (attributes: attributes, pair: pair)
        self.renditions[style] = rendition
        self.latest = (style, rendition)
        return rendition
    }
}
