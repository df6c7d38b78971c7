#if canImport(Testing)
    import ResourceContainer
    import Testing

    /// A trait of Swift Testing that runs a test with bindings that override those of a container: `.overriding(in: container) { … }`.
    public struct OverridingTrait: TestTrait, SuiteTrait, TestScoping {
        let container: @Sendable () throws -> Container
        let location: CodeLocation
        let bindings: @Sendable () -> [BindingDeclaration]

        /// Whether the trait of a suite applies to each of its tests: always true.
        public var isRecursive: Bool { true }

        /// Runs a test case with the overrides, and closes their scope when it ends.
        @concurrent
        public func provideScope(
            for test: Test,
            testCase: Test.Case?,
            performing function: @Sendable @concurrent () async throws -> Void
        ) async throws {
            let container = try self.container()
            try await container.overriding(self.bindings, fileID: self.location.file, line: self.location.line) { _ in
                try await function()
            }
        }
    }

    extension Trait where Self == OverridingTrait {
        /// Runs the test, or each test of the suite, with bindings that override those of `container`.
        ///
        /// ```swift
        /// @Test(.overriding(in: shop) { Bind((any Mailer).self) { FakeMailer() } })
        /// func confirmation() async throws {
        ///     try await placeOrder(in: shop)          // resolves the fake
        /// }
        /// ```
        ///
        /// The overrides apply to the task of the test and its child tasks, so tests that override the same key can run in parallel. Each test
        /// case has new instances of the overridden keys, and of those that depend on them; they are disposed when it ends. Overrides of a test
        /// are added to those of its suite.
        ///
        /// - Parameters:
        ///   - container: The container that the code under test uses. Evaluated once for each test case.
        ///   - fileID: The file of the caller, for diagnostics.
        ///   - line: The line of the caller, for diagnostics.
        ///   - bindings: The bindings that override the container's. Evaluated once for each test case.
        public static func overriding(
            in container: @autoclosure @escaping @Sendable () throws -> Container,
            fileID: String = #fileID,
            line: UInt = #line,
            @BindingsBuilder _ bindings: @escaping @Sendable () -> [BindingDeclaration]
        ) -> Self {
            OverridingTrait(container: container, location: CodeLocation(file: fileID, line: line), bindings: bindings)
        }
    }
#endif
