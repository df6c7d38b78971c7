import CTerminal
import Foundation
import ResourceDashboard
import Testing

@testable import CursesTerminal

/// Drives the real screen on a pseudo terminal. Curses and signal handlers exist once per process, so the tests run one at a time.
@Suite("Curses screen", .serialized)
struct CursesScreenTests {
    private static func probe(_ term: String = "xterm-256color", promisesDirectColor: Bool = false) -> TerminalProbe {
        var probe = TerminalProbe()
        probe.term = term
        (probe.outputIsTerminal, probe.isUTF8, probe.noColor) = (true, true, false)
        probe.promisesDirectColor = promisesDirectColor
        return probe
    }

    private static func with<Result>(
        _ terminal: PseudoTerminal,
        _ probe: TerminalProbe = Self.probe(),
        color: ColorChoice = .auto,
        _ body: (CursesScreen) throws -> Result
    ) throws -> Result {
        let screen = try CursesScreen(TerminalOptions(color: color), probe: probe, device: terminal.device)
        defer {
            screen.leave()
            screen.end()
        }
        return try body(screen)
    }

    @Test(
        "The screen draws a window of any size, up to 1000 x 1000 cells.",
        arguments: [(120, 36, 120, 36), (65_535, 65_535, 1000, 1000), (40_000, 1, 1000, 1), (1, 1001, 1, 1000)]
    )
    func sizes(columns: Int, rows: Int, width: Int, height: Int) throws {
        let terminal = try PseudoTerminal(columns: columns, rows: rows)
        defer { terminal.end() }
        try Self.with(terminal) { screen in
            #expect(screen.size == Size(width: width, height: height))
            var canvas = Canvas(size: screen.size)
            canvas.draw("X", x: 0, y: 0, style: .plain)
            screen.draw(canvas)
            #expect(terminal.output(containing: "X") != nil)
        }
    }

    @Test("A terminal of unknown size takes the size from COLUMNS and LINES, or is 80 x 24.")
    func unknownSize() {
        #expect(WindowSize.drawn(columns: 0, rows: 24) == nil)
        #expect(WindowSize.ofVariables { ["COLUMNS": "100", "LINES": "50"][$0] } == Size(width: 100, height: 50))
        #expect(WindowSize.ofVariables { ["COLUMNS": "99999999", "LINES": "50"][$0] } == Size(width: 1000, height: 50))
        #expect(WindowSize.ofVariables { ["COLUMNS": "wide", "LINES": "50"][$0] } == nil)
        #expect(WindowSize.ofVariables { ["COLUMNS": "-1", "LINES": "50"][$0] } == nil)
        #expect(WindowSize.standard == Size(width: 80, height: 24))
    }

    @Test("Neither closed screens nor a screen that fails to open leak file descriptors.")
    func descriptors() throws {
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        defer { terminal.end() }
        for _ in 0..<3 {
            try Self.with(terminal) { _ in #expect(terminal.openedByOthers == 2) }
            #expect(terminal.openedByOthers == 0)
        }
        #expect(throws: TerminalError.self) { try Self.with(terminal, Self.probe("dumb")) { _ in } }
        try Self.with(terminal) { _ in
            let error = #expect(throws: TerminalError.self) { try Self.with(terminal) { _ in } }
            #expect(error?.description.contains("already shows a dashboard") == true)
            #expect(terminal.openedByOthers == 2)
        }
        #expect(terminal.openedByOthers == 0)
    }

    @Test("A device that cannot be opened is named in the error, with the reason.")
    func noDevice() {
        let error = #expect(throws: TerminalError.self) {
            try CursesScreen(TerminalOptions(), probe: Self.probe(), device: "/nowhere/tty")
        }
        #expect(error?.description == "the terminal /nowhere/tty cannot be opened: No such file or directory")
        #expect(TerminalError.system("it cannot be opened", EMFILE).description.contains("too many open files"))
        #expect(TerminalError.system("it cannot be opened", ENXIO).description.contains("no controlling terminal"))
    }

    @Test("A lack of spare file descriptors is reported before the screen opens.")
    func fewDescriptors() {
        var probe = Self.probe()
        probe.spareDescriptors = TerminalProbe.neededDescriptors - 1
        #expect(probe.obstacle?.description.contains("too many open files") == true)
        probe.spareDescriptors = TerminalProbe.neededDescriptors
        #expect(probe.obstacle == nil)
    }

    @Test("24-bit colors are written unchanged; those that would mean a palette entry become the darkest allowed color.")
    func directColor() throws {
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        defer { terminal.end() }
        try Self.with(terminal, Self.probe(promisesDirectColor: true)) { screen in
            #expect(screen.colorDepth == .direct)
            #expect(screen.notice == nil)
            var canvas = Canvas(size: screen.size)
            let style = Style(foreground: .rgb(red: 18, green: 52, blue: 86), background: .rgb(red: 0, green: 0, blue: 3))
            canvas.draw("colored", x: 0, y: 0, style: style)
            screen.draw(canvas)
            let output = try #require(terminal.output(containing: "colored"))
            #expect(output.contains("\u{1B}[38;2;18;52;86m"))
            #expect(output.contains("\u{1B}[48;2;0;0;8m"))
        }
    }

    @Test("An unknown TERM is replaced by a known one, and a notice reports it.")
    func unknownType() throws {
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        defer { terminal.end() }
        try Self.with(terminal, Self.probe("unheard-of")) { screen in
            #expect(screen.colorDepth == .indexed256)
            #expect(screen.notice == "TERM=unheard-of is not known here; using xterm-256color instead")
        }
        try Self.with(terminal, Self.probe("unheard-of", promisesDirectColor: true)) { screen in
            #expect(screen.colorDepth == .direct)
            #expect(screen.notice == "TERM=unheard-of is not known here; using an xterm with 24-bit colors instead")
        }
    }

    @Test("Signal handlers are installed where none exists, restored on leaving, and later replacements are kept.")
    func handlers() throws {
        func handler(_ number: Int32) -> UInt {
            var action = sigaction()
            sigaction(number, nil, &action)
            return UInt(bitPattern: unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self))
        }
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        defer { terminal.end() }
        let numbers = [SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, SIGXCPU, SIGPWR, SIGSYS, SIGPIPE, 40, 64]
        let own: @convention(c) (Int32) -> Void = { _ in }
        signal(SIGUSR2, own)
        defer { signal(SIGUSR2, SIG_DFL) }
        let before = numbers.map(handler)
        var during: [UInt] = []
        try Self.with(terminal) { _ in
            during = numbers.map(handler)
            signal(SIGPROF, own)
        }
        let after = numbers.map(handler)
        signal(SIGPROF, SIG_DFL)
        for (index, number) in numbers.enumerated() {
            #expect((during[index] == before[index]) == (number == SIGUSR2 || before[index] != 0), "\(number)")
            #expect((after[index] == before[index]) == (number != SIGPROF), "\(number)")
        }
    }
}
