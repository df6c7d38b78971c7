/// An action that the user can request of the dashboard. The raw value is the command's name in the help, the palette, the documentation,
/// the configuration and `resmon keys`.
package enum Command: String, CaseIterable, Sendable {
    /// Shows the overview.
    case overview = "view.overview"
    /// Shows the scopes.
    case scopes = "view.scopes"
    /// Shows the resources.
    case resources = "view.resources"
    /// Shows the pools.
    case pools = "view.pools"
    /// Shows the health of the resources.
    case health = "view.health"
    /// Shows the event log.
    case events = "view.events"
    /// Shows the findings.
    case findings = "view.findings"
    /// Shows the dependency graph.
    case graph = "view.graph"
    /// Shows the attached processes.
    case processes = "view.processes"
    /// Picks one of the attached processes.
    case pickProcess = "process.pick"
    /// Shows the attached process before the present one.
    case previousProcess = "process.previous"
    /// Shows the attached process after the present one.
    case nextProcess = "process.next"
    /// Connects to the attached process now, or shows the process that replaced it.
    case reconnect = "process.reconnect"
    /// Moves the focus to the next pane.
    case nextPane = "pane.next"
    /// Moves the focus to the previous pane.
    case previousPane = "pane.previous"
    /// Opens the selected item or jumps to its subject.
    case open = "item.open"
    /// Closes, clears or leaves the innermost state. It never quits.
    case back = "back"
    /// Gives the focused pane the whole body, or returns to all panes.
    case zoom = "pane.zoom"
    /// Returns to the view shown before.
    case viewBack = "view.back"
    /// Undoes ``viewBack``.
    case viewForward = "view.forward"
    /// Switches to the view shown last.
    case lastView = "view.last"
    /// Selects the next row.
    case down = "row.down"
    /// Selects the previous row.
    case up = "row.up"
    /// Selects the first row.
    case first = "row.first"
    /// Selects the last row; in the events, follows the newest.
    case last = "row.last"
    /// Moves half a page down.
    case pageDown = "row.page-down"
    /// Moves half a page up.
    case pageUp = "row.page-up"
    /// Folds the selected item of a tree, or sorts a table by the column to the left.
    case left = "column.left"
    /// Unfolds the selected item of a tree, or sorts a table by the column to the right.
    case right = "column.right"
    /// Chooses the columns of the table.
    case columns = "column.choose"
    /// Sorts by the next column.
    case sort = "sort.next"
    /// Reverses the sort order.
    case reverse = "sort.reverse"
    /// Sorts the rows once.
    case sortNow = "sort.now"
    /// Keeps the order of the rows, or resumes sorting.
    case holdOrder = "sort.hold"
    /// Edits the filter of the view.
    case filter = "filter"
    /// Selects the next row that matches the filter.
    case nextMatch = "match.next"
    /// Selects the previous row that matches the filter.
    case previousMatch = "match.previous"
    /// Shows or hides ended scopes, resources and findings.
    case showClosed = "closed.show"
    /// Shows errors grouped by cause, or the event log.
    case groupErrors = "error.group"
    /// Moves to the next error.
    case nextError = "error.next"
    /// Shows or hides the details beside the resource table.
    case peek = "peek"
    /// Pauses or resumes.
    case pause = "time.pause"
    /// Moves one update back in time.
    case stepBack = "time.step-back"
    /// Moves one update forward in time.
    case stepForward = "time.step"
    /// Moves ten seconds back in time.
    case earlier = "time.earlier"
    /// Moves ten seconds forward in time.
    case later = "time.later"
    /// Goes to a time of day.
    case goToTime = "goto"
    /// Shows the newest data.
    case live = "time.live"
    /// Sets the speed at which a recording is played.
    case speed
    /// Marks the current moment with a letter.
    case setMark = "mark.set"
    /// Moves to a marked moment.
    case goToMark = "mark.go"
    /// Shows resources created between two marks that are still alive.
    case differences = "mark.differences"
    /// Shortens the time span of the charts.
    case zoomIn = "time.zoom-in"
    /// Lengthens the time span of the charts.
    case zoomOut = "time.zoom-out"
    /// Opens a child scope.
    case openScope = "scope.open"
    /// Opens a child scope with a name.
    case openScopeNamed = "scope.open-named"
    /// Resolves a binding in the selected scope.
    case getResource = "resource.get"
    /// Shows the order and expected time of the selected scope's teardown.
    case teardownPreview = "scope.teardown-preview"
    /// Closes the selected scope after a confirmation.
    case closeScope = "scope.close"
    /// Closes the selected scope by force after a confirmation.
    case forceClose = "scope.force-close"
    /// Injects a fault into the next instances of the selected binding.
    case injectFault = "resource.inject-fault"
    /// Acquires a lease from the selected pool.
    case lease = "lease"
    /// Releases the newest manual lease.
    case release = "release"
    /// Checks the health of the selected resource.
    case checkHealth = "health.check"
    /// Checks the health of all resources.
    case checkAllHealth = "health.check-all"
    /// Explains the finding about the selected item.
    case explain = "finding.explain"
    /// Suppresses findings by kind, or by kind and label.
    case allowFinding = "finding.allow"
    /// Switches to another scenario.
    case scenario = "scenario"
    /// Sets the load of the scenario, in percent.
    case load = "load"
    /// Copies the selected row to the clipboard.
    case copyRow = "copy.row"
    /// Copies the table to the clipboard.
    case copyView = "copy.view"
    /// Writes the frame to a file.
    case writeFrame = "frame.write"
    /// Starts or stops a recording.
    case record
    /// Writes the past that the flight recorder keeps to a file.
    case save
    /// Opens the command palette.
    case palette = "command"
    /// Chooses a theme.
    case theme = "screen.theme"
    /// Switches to the next glyph set.
    case glyphs = "screen.glyphs"
    /// Turns mouse reports on or off.
    case mouse = "screen.mouse"
    /// Redraws the screen.
    case redraw = "screen.redraw"
    /// Suspends the program.
    case suspend = "screen.suspend"
    /// Shows the help.
    case help = "help"
    /// Quits, after a confirmation if the user's scopes are open.
    case quit = "quit"
    /// Quits without a confirmation.
    case quitNow = "quit.now"
}
