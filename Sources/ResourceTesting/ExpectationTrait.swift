#if canImport(Testing)
    import Testing

    /// A trait of Swift Testing that reports an ``ExpectationFailure`` of a test at the source location of the expectation.
    public struct ExpectationTrait: TestTrait, SuiteTrait, TestScoping {
        /// Whether the trait of a suite applies to each of its tests: always true.
        public var isRecursive: Bool { true }

        /// Runs a test case, and records its failure where the expectation is.
        @concurrent
        public func provideScope(
            for test: Test,
            testCase: Test.Case?,
            performing function: @Sendable @concurrent () async throws -> Void
        ) async throws {
            do { try await function() } catch {
                guard let location = SourceLocation(ofExpectationIn: error) else { throw error }
                Issue.record(error, sourceLocation: location)
            }
        }
    }

    extension Trait where Self == ExpectationTrait {
        /// Reports an ``ExpectationFailure``, also that of a sweep, at the source location of the expectation. Without this trait, Swift Testing
        /// reports errors at the source location of the test.
        ///
        /// ```swift
        /// @Suite(.reportsExpectations)
        /// struct OrderTests { … }
        /// ```
        public static var reportsExpectations: Self { ExpectationTrait() }
    }

    extension SourceLocation {
        /// Creates the source location of the expectation that was not met; nil if the error has another cause.
        fileprivate init?(ofExpectationIn error: any Error) {
            let cause = (error as? SweepFailure)?.underlying ?? error
            // Swift Testing traps at a file without a module and at line 0. Both are arguments of the expectation.
            guard let failure = cause as? ExpectationFailure, failure.location.file.contains("/"), failure.location.line > 0 else {
                return nil
            }
            self.init(
                fileID: failure.location.file,
                filePath: failure.filePath,
                line: Int(clamping: failure.location.line),
                column: 1
            )
        }
    }
#endif
