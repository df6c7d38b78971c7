/// What a file is opened for.
public enum FileMode: String, Sendable, Hashable, CaseIterable {
    /// To be read. The file must be there.
    case read
    /// To be written from the beginning. The file is made if it is not there and emptied if it is; who shares the handle later finds it as
    /// it is by then.
    case write
    /// To be written at its end. The file is made if it is not there. What is written at once stays in one piece, also beside other
    /// handles and other processes that append.
    case append
    /// To be read and written. The file is made if it is not there, and keeps its content if it is.
    case readWrite

    /// Whether bytes can be read.
    var reads: Bool {
        self == .read || self == .readWrite
    }

    /// Whether bytes can be written.
    var writes: Bool {
        self != .read
    }
}
