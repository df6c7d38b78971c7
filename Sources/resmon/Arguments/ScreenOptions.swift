import ArgumentParser
import ResourceDashboard

/// The options for the behavior of the live screen.
struct ScreenOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("Frames per second: 1 to 30.", valueName: "n"))
    var fps: String?

    @Option(help: ArgumentHelp("The first view.", valueName: "view"), completion: .views)
    var view: String?

    @Flag(name: .customLong("no-mouse"), help: "Leave the mouse to the terminal.")
    var noMouse = false
}
