/// A source of tables: a server, or a simulation.
package protocol FleetSource: Sendable {
    /// The source for users, such as the address of the server.
    var label: String { get }

    /// Returns the processes with their figures at an instant.
    ///
    /// - Parameter time: The instant, in seconds since 1970.
    /// - Throws: ``FleetFault`` if nothing could be read, or if the task is canceled.
    func table(at time: Double) async throws(FleetFault) -> FleetTable

    /// Returns the shapes that end at an instant. They cost a server more than a table, and change slowly.
    ///
    /// - Parameter time: The instant, in seconds since 1970.
    /// - Throws: ``FleetFault`` if they could not be read, or if the task is canceled.
    func shapes(at time: Double) async throws(FleetFault) -> FleetShapes
}
