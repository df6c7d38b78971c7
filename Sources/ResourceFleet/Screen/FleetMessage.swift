import ResourceContainer
import ResourceDashboard

/// An input of the screen of a fleet.
package enum FleetMessage: Sendable {
    /// A table was read, for this instant.
    case table(FleetTable, TimeSource.Instant)
    /// The shapes were read.
    case shapes(FleetShapes)
    /// Reading failed. The last table stays.
    case failed(FleetFault, TimeSource.Instant)
    /// Time has passed. The clock has the time of day.
    case time(TimeSource.Instant, WallClock)
    /// The user pressed a key, used the mouse, or changed the size.
    case input(InputEvent)
    /// The time that the last frame and the last table took.
    case cost(FleetCost)
    /// Something outside of the screen has ended, in a sentence.
    case notice(String, isFault: Bool)
}

/// The cost of the screen: the time from a state to its picture on the terminal, and from the queries of a table to the table.
package struct FleetCost: Sendable, Hashable {
    package var frame: Duration
    /// Nil before the first table.
    package var table: Duration?

    package init(frame: Duration, table: Duration? = nil) {
        self.frame = frame
        self.table = table
    }
}

/// A request of the screen of a fleet.
package enum FleetEffect: Sendable, Hashable {
    case quit
    /// Read the table now.
    case refresh
    /// Leave the screen, and show the process that this command connects to.
    case open(FleetKey, command: [String])
    case copy(String)
    case mouse(Bool)
    case redraw
    case suspend
}
