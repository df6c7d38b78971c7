/// The reason why a figure of a fleet, or all of them, could not be read: one line for users, without a period.
package struct FleetFault: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
