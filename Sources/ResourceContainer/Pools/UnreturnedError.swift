/// An error of a dispose that names the leases that were still held. The close report lists them in ``DisposeReport/Entry/unreturned``.
public protocol UnreturnedError: Error {
    /// The holders, longest lease first.
    var unreturned: [PoolSample.Holder] { get }
}
