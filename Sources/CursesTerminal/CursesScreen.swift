import CNCurses
import CTerminal
import Glibc
import ResourceDashboard

/// The screen as curses draws it. Confined to one thread at a time; curses knows no others.
final class CursesScreen {
    /// Where keys are read from; does not block.
    let input: Int32
    /// Where signals arrive, a byte each.
    let signals: Int32
    let colorDepth: ColorDepth
    /// Something that the person should know, such as which terminal type was taken instead of theirs.
    let notice: String?
    private(set) var size: Size

    private let output: Int32
    private let hasDefaults: Bool
    private let pairLimit: Int
    private var looks: [Style: (attributes: attr_t, pair: Int32)] = [:]
    private var shown: Canvas?
    private var isStale = true
    private var buffer: [cchar_t] = []
    private var mouse: Bool
    private var isUp = true

    /// Takes the terminal over: signals, modes, the alternate screen.
    init(_ options: TerminalOptions, probe: TerminalProbe) throws(TerminalError) {
        if let obstacle = probe.obstacle { throw obstacle }
        let output = Glibc.open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard output >= 0 else { throw TerminalError("the terminal cannot be opened: \(String(cString: strerror(errno)))") }
        let input = Glibc.open("/dev/tty", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard input >= 0, let outputFile = fdopen(output, "w"), let inputFile = fdopen(input, "r") else {
            throw TerminalError("the terminal cannot be opened: \(String(cString: strerror(errno)))")
        }
        // Before newterm: curses installs handlers of its own where there are none.
        let signals = ct_install(output)
        guard signals >= 0 else {
            fclose(outputFile)
            fclose(inputFile)
            throw TerminalError("this process shows a dashboard already; there can be one at a time")
        }
        Self.chooseLocale(probe)
        let wantsDirect = probe.promisesDirectColor && options.color.depth(offered: .direct, noColor: probe.noColor) == .direct
        guard let term = Self.start(probe.term, direct: wantsDirect, output: outputFile, input: inputFile) else {
            ct_uninstall()
            fclose(outputFile)
            fclose(inputFile)
            throw .unknown(term: probe.term)
        }
        guard cn_has_string("cup") else {
            endwin()
            ct_uninstall()
            throw .unfit(term: term)
        }
        ct_set_screen_up(true)
        self.input = input
        self.output = output
        self.signals = signals
        self.mouse = options.mouse
        self.notice =
            term == probe.term || term.hasSuffix("-direct") ? nil : "TERM=\(probe.term) is not known here; shown as on \(term)"

        raw()
        noecho()
        nonl()
        keypad(cn_screen(), false)
        leaveok(cn_screen(), true)
        // Without it curses peeks at the keyboard and puts off what it has to draw.
        typeahead(-1)
        curs_set(0)
        // Asking for a pair on a terminal without colour is a crash in curses.
        let offered: ColorDepth = has_colors() && start_color() == OK ? .offered(colors: Int(cn_colors())) : .monochrome
        self.colorDepth = options.color.depth(offered: offered, noColor: probe.noColor)
        // Also where no colour is wanted: curses would draw in white on black.
        self.hasDefaults = offered != .monochrome && use_default_colors() == OK
        self.pairLimit = max(1, Int(cn_color_pairs()) - 1)
        self.size = Size(width: Int(getmaxx(cn_screen())), height: Int(getmaxy(cn_screen())))
        _ = self.takeSize()
        self.enter()
    }

    /// Draws `canvas` from the top left; what does not fit is left out, what it does not cover is blank.
    func draw(_ canvas: Canvas) {
        guard self.isUp, let window = cn_screen() else { return }
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
        var window = winsize()
        guard ioctl(self.output, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else { return false }
        let size = Size(width: Int(window.ws_col), height: Int(window.ws_row))
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

    /// Gives the terminal to the shell, stops, and takes it again when the process is continued.
    func suspend(wholeGroup: Bool) {
        self.leave()
        ct_stop(wholeGroup)
        self.resume()
    }

    /// Takes the terminal again after somebody else may have had it.
    func resume() {
        self.isUp = true
        ct_set_screen_up(true)
        _ = self.takeSize()
        reset_prog_mode()
        self.enter()
        self.redraw()
    }

    /// Restores the terminal.
    func leave() {
        guard self.isUp else { return }
        self.isUp = false
        self.send(Self.mouseOff + Self.reportsOff)
        endwin()
        ct_set_screen_up(false)
        ct_restore_modes()
    }

    private func enter() {
        // The first refresh switches to the alternate screen; what is switched on after it belongs to that.
        clearok(cn_screen(), true)
        wrefresh(cn_screen())
        self.send(Self.reportsOn + (self.mouse ? Self.mouseOn : ""))
    }

    private static let mouseOn = "\u{1B}[?1002h\u{1B}[?1006h"
    private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l"
    /// Bracketed paste and focus.
    private static let reportsOn = "\u{1B}[?2004h\u{1B}[?1004h"
    private static let reportsOff = "\u{1B}[?1004l\u{1B}[?2004l"

    private func send(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { write(self.output, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            if written <= 0 { return }
            bytes = bytes.dropFirst(written)
        }
    }

    private static func chooseLocale(_ probe: TerminalProbe) {
        // Only how characters are written: numbers and texts of the program stay as they are.
        if setlocale(LC_CTYPE, "") == nil || !probe.isUTF8 { setlocale(LC_CTYPE, "C.UTF-8") }
    }

    /// Starts curses with the first type that it knows and returns that.
    private static func start(
        _ term: String,
        direct: Bool,
        output: UnsafeMutablePointer<FILE>,
        input: UnsafeMutablePointer<FILE>
    ) -> String? {
        let stem = term.split(separator: "-").first.map(String.init) ?? term
        var candidates = [term, "\(stem)-256color", "\(stem)-color", "xterm-256color", "xterm"]
        if direct { candidates.insert("\(stem)-direct", at: 0) }
        return candidates.first { newterm($0, output, input) != nil }
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
