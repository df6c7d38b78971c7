import CursesTerminal
import ResourceDashboard

/// The sample of the library's documentation catalog. It is compiled only: it takes over the terminal of the process.
enum DocumentationSample {
    static func greet() async throws {
        let terminal = try CursesTerminal.open()
        var canvas = Canvas(size: terminal.size)
        canvas.draw("Press a key", x: 0, y: 0, style: .plain)
        await terminal.draw(canvas)
        _ = await terminal.nextEvents()
        await terminal.close()
        await terminal.release()
    }
}
