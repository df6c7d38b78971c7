/// Values for a scope that other code opens, such as the middleware of a server.
///
/// ```swift
/// ScopeHandler(container, providing: { request in ScopeValues(try await user(of: request)) }, to: routes)
/// ```
///
/// The values are provided as by ``Scope/withScope(_:tag:providing:disposal:policy:onClose:fileID:line:body:)``.
public struct ScopeValues: Sendable {
    let list: [ProvidedValue]

    /// Collects values, each under its static type. Pass ``Provide`` for another type or a name.
    public init<each Value: Sendable>(_ values: repeat each Value) {
        self.list = ProvidedValue.list(repeat each values)
    }
}
