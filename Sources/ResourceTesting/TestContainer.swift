import ResourceContainer

extension ContainerOptions {
    /// The options of the containers of this library. A container that is dropped without being closed ends the test run and reports its
    /// name and the source location of its creation, because its instances were never disposed.
    public static let testing = ContainerOptions(trapsWhenDroppedOpen: true)
}

extension Container {
    /// Creates a container for a test. The test must close it; see ``ContainerOptions/testing``. If the test may throw first, use
    /// ``withTestContainer(_:environment:fileID:line:bindings:body:)``.
    ///
    /// - Parameters:
    ///   - name: the name of the container and of its root scope.
    ///   - environment: the source of time and randomness, and the executor; `simulation.environment` in a simulation.
    ///   - fileID: the file of the call, filled in by the compiler.
    ///   - line: the line of the call, filled in by the compiler.
    ///   - bindings: the initial bindings.
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

/// Runs `body` with a new container and closes the container when the body returns or throws.
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
///   - name: the name of the container and of its root scope.
///   - environment: the source of time and randomness, and the executor; `simulation.environment` in a simulation.
///   - fileID: the file of the call, filled in by the compiler.
///   - line: the line of the call, filled in by the compiler.
///   - bindings: the initial bindings.
///   - body: the code under test.
/// - Returns: the result of `body`.
/// - Throws: the error of `body`; `DisposeError` if the body returned and an instance was not disposed cleanly; `ResourceError` for invalid
///   bindings.
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
        // The body's error is more specific than an error of the close.
        _ = try? await container.close()
        throw error
    }
    let report = try await container.close()
    if !report.isClean { throw DisposeError(report) }
    return result
}
