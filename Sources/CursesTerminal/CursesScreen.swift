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

/// The screen as curses draws it. Confined to one thread at a time; curses knows no others.
final class CursesScreen {
    /// Where signals arrive, a byte each.
    let signals: Int32
    let colorDepth: ColorDepth
    /// Something that the person should know, such as which terminal type was taken instead of theirs.
    let notice: String?
    private(set) var size: Size

    private let files: TerminalFiles
    private let screen: OpaquePointer
    private let hasDefaults: Bool
    private let pairLimit: Int
    /// Whether the terminal has no second screen, so that the picture stays when it is left.
    private let pictureStays: Bool
    private var looks: [Style: (attributes: attr_t, pair: Int32)] = [:]
    private var shown: Canvas?
    private var isStale = true
    private var buffer: [cchar_t] = []
    private var mouse: Bool
    private var isUp = true
    private var hasEnded = false

    /// Takes the terminal over: signals, modes, the alternate screen. A process in the background is stopped until it is in the foreground.
    ///
    /// - Parameter device: the terminal; by default the process's own, whatever standard input and output are.
    init(_ options: TerminalOptions, probe: TerminalProbe, device: String = "/dev/tty") throws(TerminalError) {
        if let obstacle = probe.obstacle { throw obstacle }
        let files = try TerminalFiles(device)
        let output = files.outputDescriptor
        guard ct_await_foreground(output) else {
            throw TerminalError("this process is in the background of its terminal and cannot be stopped there: start it in the foreground")
        }
        // Before newterm: curses installs handlers of its own where there are none.
        let signals = ct_install(output)
        guard signals >= 0 else {
            let code = errno
            throw code == EBUSY
                ? TerminalError("this process shows a dashboard already; there can be one at a time")
                : .system("signals cannot be received", code)
        }
        Self.chooseLocale(probe)
        // The modes are changed from here on.
        ct_set_screen_up(true, false)
        let notice = Self.notice(probe)
        guard let (term, screen, mode) = Self.start(options.color, probe, files) else {
            ct_set_screen_up(false, false)
            ct_restore_modes()
            ct_uninstall()
            // Curses does not say why; without a descriptor it cannot read what it knows of terminals.
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
        // Without it curses peeks at the keyboard and puts off what it has to draw.
        typeahead(-1)
        curs_set(0)
        // Asking for a pair on a terminal without color is a crash in curses.
        let offered: ColorDepth = has_colors() && start_color() == OK ? .offered(colors: Int(cn_colors())) : .monochrome
        self.colorDepth = min(mode.depth, offered)
        // Also where no color is wanted: curses would draw in white on black.
        self.hasDefaults = offered != .monochrome && use_default_colors() == OK
        self.pairLimit = max(1, Int(cn_color_pairs()) - 1)
        self.size = WindowSize.ofVariables(TerminalProbe.variable) ?? WindowSize.standard
        resizeterm(Int32(self.size.height), Int32(self.size.width))
        _ = self.takeSize()
        self.enter()
    }

    /// Where keys are read from; does not block.
    var input: Int32 { self.files.inputDescriptor }

    /// Whether another process group has the terminal now.
    var isInBackground: Bool { ct_is_background(self.files.outputDescriptor) }

    /// Draws `canvas` from the top left; what does not fit is left out, what it does not cover is blank.
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

    /// Sends everything again with the next canvas, or with the last one now.
    func redraw() {
        self.isStale = true
        if let shown = self.shown { self.draw(shown) }
    }

    /// Asks the terminal for its size; true if that changed. The next canvas is then drawn from scratch.
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

    /// Gives a text to the terminal's clipboard.
    func copy(_ text: String) {
        if self.isUp { self.send("\u{1B}]52;c;\(Base64.encoded(text))\u{07}") }
    }

    /// Gives the terminal to the shell, stops by the signal `number`, and takes the terminal again when the process is continued in the
    /// foreground; false if it stays in the background.
    func suspend(_ number: Int32, wholeGroup: Bool) -> Bool {
        self.leave()
        _ = ct_stop(number, wholeGroup)
        return self.resume()
    }

    /// Takes the terminal again after somebody else may have had it, in the foreground; false if the process stays in the background.
    func resume() -> Bool {
        guard ct_await_foreground(self.files.outputDescriptor) else { return false }
        self.isUp = true
        ct_set_screen_up(true, self.pictureStays)
        _ = self.takeSize()
        reset_prog_mode()
        // Curses hides it only if it takes it for shown, and whoever had the terminal may have shown it.
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
        // What is printed next goes below the picture, which ends with the keys.
        if self.pictureStays { self.send("\r\n") }
        ct_set_screen_up(false, false)
        ct_restore_modes()
    }

    /// Gives back everything: the signals, the descriptors, what curses keeps. The screen has been left before.
    func end() {
        guard !self.hasEnded else { return }
        self.hasEnded = true
        delscreen(self.screen)
        ct_uninstall()
        self.files.end()
    }

    private func enter() {
        guard ct_begin_output() else { return }
        // The first refresh switches to the alternate screen; what is switched on after it belongs to that.
        clearok(cn_screen(), true)
        wrefresh(cn_screen())
        ct_end_output()
        self.send(Self.reportsOn + (self.mouse ? Self.mouseOn : ""))
    }

    private static let mouseOn = "\u{1B}[?1002h\u{1B}[?1006h"
    private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l"
    /// Bracketed paste and focus.
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
            // What a wide one covers; curses makes it by itself.
            if cell.width == 0 { continue }
            self.append(cell)
        }
        mvwadd_wchnstr(window, y, 0, self.buffer, Int32(self.buffer.count))
    }

    private func append(_ cell: Cell) {
        let look = self.look(cell.style)
        // A cell of curses holds five scalars and an end.
        var text: (wchar_t, wchar_t, wchar_t, wchar_t, wchar_t, wchar_t) = (0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &text) { bytes in
            let scalars = bytes.bindMemory(to: wchar_t.self)
            for (index, scalar) in cell.text.unicodeScalars.prefix(5).enumerated() { scalars[index] = wchar_t(scalar.value) }
        }
        if text.0 < 0x20 || text.0 >= 0x7F, Int32(cell.width) != cn_width(text.0) {
            // The C library measures it otherwise than the canvas did, and the rest of the row would move.
            for _ in 0..<cell.width { self.append(Cell(text: "?", style: cell.style)) }
            return
        }
        var result = cchar_t()
        let code = withUnsafeBytes(of: &text) { bytes in
            cn_set_cell(&result, bytes.bindMemory(to: wchar_t.self).baseAddress, look.attributes, look.pair)
        }
        if code == OK {
            self.buffer.append(result)
        } else {
            for _ in 0..<cell.width { self.append(Cell(text: "?", style: cell.style)) }
        }
    }

    private func look(_ style: Style) -> (attributes: attr_t, pair: Int32) {
        if let known = self.looks[style] { return known }
        // Curses gives the pair of longest ago to a new one when there are no more: what is remembered here must not outlive that.
        if self.looks.count >= self.pairLimit { self.looks.removeAll() }
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
        let look = (attributes: attributes, pair: pair)
        self.looks[style] = look
        return look
    }
}
