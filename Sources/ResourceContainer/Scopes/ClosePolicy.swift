/// The reaction of `withScope` to a failed dispose after its body returned.
public struct ClosePolicy: Hashable, Sendable {
    private let throwsOnFailure: Bool

    /// Reports the failure to `onClose` and in the events. `withScope` returns the result of the body. This is the default.
    public static let report = ClosePolicy(throwsOnFailure: false)
    /// Additionally throws ``DisposeError``. An error that the body throws is rethrown unchanged under either policy.
    public static let `throw` = ClosePolicy(throwsOnFailure: true)

    func check(_ report: DisposeReport) throws(DisposeError) {
        if self.throwsOnFailure, !report.isClean { throw DisposeError(report) }
    }
}
