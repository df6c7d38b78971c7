import ArgumentParser
import ResourceDashboard

/// How the live screen behaves.
struct ScreenOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("How often the picture is renewed in a second: 1 to 30.", valueName: "n"))
    var fps: String?

    @Option(help: ArgumentHelp("The view to begin with.", valueName: "view"), completion: .views)
    var view: String?

    @Flag(name: .customLong("no-mouse"), help: "Leave the mouse to the terminal.")
    var noMouse = false
}
