import ResourceContainer

/// The actions that a user can perform on a container by hand: from a dashboard, or from another process.
///
/// ``ContainerControl`` carries them out on a container in this process. A method throws if its action fails; the description of the error is
/// shown to the user. Optional actions have default implementations that throw.
public protocol ContainerCommands: Sendable {
    /// Opens a scope in `parent` and returns its identity. A nil name is replaced by a generated one.
    func openScope(in parent: ScopeID, name: String?) async throws -> ScopeID
    /// Closes a scope and everything in it. With `force`, the close does not wait for work in progress.
    func closeScope(_ scope: ScopeID, force: Bool) async throws -> DisposeReport
    /// Resolves `binding` in `scope`, creating an instance if needed, and returns its identity.
    func get(_ binding: BindingID, in scope: ScopeID) async throws -> ResourceID
    /// Checks the health of one resource, or of all if it is nil, and returns how many were checked.
    func checkHealth(of resource: ResourceID?) async throws -> Int
    /// Acquires a lease from a pool, keeps it, and returns a message for the user.
    func lease(from pool: ResourceID) async throws -> String
    /// Releases the newest lease and returns a message for the user.
    func release() async throws -> String
    /// Releases all leases and returns one message for each.
    func releaseAll() async -> [String]
    /// Marks the item with the longest lease as broken, so that it is closed when it is released. Returns a message for the user.
    func breakLease(of pool: ResourceID) async throws -> String
    /// Injects a fault into the next instance of a binding.
    func inject(_ fault: InjectedFault, into binding: BindingID) async throws
    /// Suppresses findings with this name and withdraws active ones.
    func allowFinding(named name: String) async throws
}

extension ContainerCommands {
    /// Throws, because leases are not supported.
    public func lease(from pool: ResourceID) async throws -> String { throw UnsupportedCommand("manual leases") }
    /// Throws, because leases are not supported.
    public func release() async throws -> String { throw UnsupportedCommand("manual leases") }
    /// Returns an empty array.
    public func releaseAll() async -> [String] { [] }
    /// Throws, because fault injection is not supported.
    public func breakLease(of pool: ResourceID) async throws -> String { throw UnsupportedCommand("fault injection") }
    /// Throws, because fault injection is not supported.
    public func inject(_ fault: InjectedFault, into binding: BindingID) async throws { throw UnsupportedCommand("fault injection") }
    /// Throws, because findings cannot be suppressed.
    public func allowFinding(named name: String) async throws { throw UnsupportedCommand("suppressing findings") }
}

/// The error of an action that a source does not support.
package struct UnsupportedCommand: Error, CustomStringConvertible {
    private let command: String

    /// Creates an error about `command`, a noun such as `manual leases`.
    package init(_ command: String) {
        self.command = command
    }

    /// The error as a sentence without a period.
    package var description: String { "this source does not support \(self.command)" }
}
