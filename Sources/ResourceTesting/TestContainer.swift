import ResourceContainer

extension ContainerOptions {
    /// How the containers of this library behave: one that a test drops without having closed it ends the test run, with its name and the
    /// place where it was made, since whatever lived in it was never disposed.
    public static let testing = ContainerOptions(trapsWhenDroppedOpen: true)
}

extension Container {
    /// A container for a test, which must close it: see ``ContainerOptions/testing``. A test that may throw before it comes to that uses
    /// ``withTestContainer(_:environment:fileID:line:bindings:body:)``.
    ///
    /// - Parameters:
    ///   - name: what to call it and its root scope.
    ///   - environment: where it takes time, randomness and an executor from; `simulation.environment` in a simulation.
    ///   - fileID: the file it is made in, filled in by the compiler.
    ///   - line: the line, likewise.
    ///   - bindings: what it begins with.
    /// - Throws: `ResourceError.Code.duplicateBinding`, `ResourceError.Code.invalidBinding`.
    public static func forTesting(
        _ name: String = "test",
        environment: ResourceEnvironment = .system,
        fileID: String = #fileID,
        line: UInt = #line,
        @BindingsBuilder bindings: () -> [BindingDeclaration] = { [] }
    ) throws(ResourceError) -> Container {
        try Container(name, environment: environment, options: .testing, fileID: fileID, line: line, bindings: bindings)
    }
}

/// Runs `body` with a container of its own, and closes that when the body has ended, by whatever way.
///
/// ```swift
/// try await withTestContainer {
///     Bind(Mailer.self, lifetime: .singleton) { FakeMailer() }
/// } body: { container in
///     try await placeOrder(container)
/// }
/// ```
///
/// - Parameters:
///   - name: what to call the container and its root scope.
///   - environment: where it takes time, randomness and an executor from; `simulation.environment` in a simulation.
///   - fileID: the file it is made in, filled in by the compiler.
///   - line: the line, likewise.
///   - bindings: what it begins with.
///   - body: the code that is tested.
/// - Returns: what `body` returns.
/// - Throws: what `body` throws; `DisposeError` if it succeeded and something was not disposed cleanly; `ResourceError` for bindings that do not
///   go together.
@discardableResult
public nonisolated(nonsending) func withTestContainer<Result>(
    _ name: String = "test",
    environment: ResourceEnvironment = .system,
    fileID: String = #fileID,
    line: UInt = #line,
    @BindingsBuilder bindings: () -> [BindingDeclaration] = { [] },
    body: nonisolated(nonsending) (Container) async throws -> Result
) async throws -> Result {
    let container = try Container.forTesting(name, environment: environment, fileID: fileID, line: line, bindings: bindings)
    let result: Result
    do {
        result = try await body(container)
    } catch {
        // The body's error says more than what closing would have to say.
        _ = try? await container.close()
        throw error
    }
    let report = try await container.close()
    if !report.isClean { throw DisposeError(report) }
    return result
}
