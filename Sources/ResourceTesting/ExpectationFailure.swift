import ResourceContainer

/// An error that reports an expectation of a container that was not met.
///
/// Its description begins with the source location of the expectation, because a test framework shows only where the test is. With Swift
/// Testing, the trait `.reportsExpectations` reports the error at that location instead.
public struct ExpectationFailure: Error, Sendable, CustomStringConvertible {
    /// The expectation.
    public let expectation: String
    /// The differences that were found, one line each.
    public let found: [String]
    /// The source location of the expectation.
    public let location: CodeLocation
    /// The path of the file of ``location``.
    public let filePath: String

    /// The source location, the expectation, and the differences, separated by semicolons.
    public var description: String {
        "\(self.location): expected: \(self.expectation); " + self.found.joined(separator: "; ")
    }
}

/// Where an expectation is called.
struct ExpectationSite {
    let fileID: String
    let filePath: String
    let line: UInt

    func failure(_ expectation: String, _ found: [String]) -> ExpectationFailure {
        ExpectationFailure(
            expectation: expectation,
            found: found,
            location: CodeLocation(file: self.fileID, line: self.line),
            filePath: self.filePath
        )
    }

    /// Throws if differences were found.
    func check(_ expectation: String, _ found: [String]) throws(ExpectationFailure) {
        if !found.isEmpty { throw self.failure(expectation, found) }
    }
}
