/// An error of a dispose that knows who still held something: its report names them (``DisposeReport/Entry/unreturned``).
public protocol UnreturnedError: Error {
    /// Who held something, longest first.
    var unreturned: [PoolSample.Holder] { get }
}
