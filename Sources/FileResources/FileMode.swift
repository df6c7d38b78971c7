/// The mode in which a file is opened. It determines the permitted operations, and whether the file is created or emptied.
public enum FileMode: String, Sendable, Hashable, CaseIterable {
    /// Reading. The file must exist.
    case read
    /// Writing from the beginning. The file is created if it is missing, and emptied if it exists. A handle that joins a shared file does
    /// not empty it again.
    case write
    /// Appending. The file is created if it is missing. Every write is atomic with respect to other handles and processes that append.
    case append
    /// Reading and writing. The file is created if it is missing, and keeps its content if it exists.
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
