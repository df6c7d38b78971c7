import Foundation

/// An error of reading, creating, or writing a file, with a message for users.
package struct FileFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of a fault.
    package enum Kind: Hashable, Sendable {
        /// No file exists at the path.
        case absent
        /// A file exists and may not be replaced.
        case exists
        /// The operation failed before any data was read or written.
        case refused
        /// Writing failed after it had begun.
        case brokenOff
    }

    /// The kind of the fault.
    package var kind: Kind
    /// The failed operation, such as `'x' cannot be written` or `standard output cannot be written`.
    package var what: String
    /// The reason, such as `it is a directory`.
    package var reason: String

    /// Creates a fault.
    package init(_ kind: Kind, _ what: String, _ reason: String) {
        self.kind = kind
        self.what = what
        self.reason = reason
    }

    /// The operation and the reason.
    package var description: String { "\(self.what): \(self.reason)" }

    /// The message for an error number. Common errors have messages that fit every call.
    package static func words(_ number: Int32) -> String {
        switch number {
        case ENOSPC: "no space is left on the device"
        case EDQUOT: "the quota is used up"
        case EFBIG: "the file would be larger than the limit for files (ulimit -f)"
        case EPIPE: "its reader has closed it"
        case EACCES, EPERM: "permission is denied"
        case EROFS: "the file system is read-only"
        case EBADF: "it is closed"
        case ENAMETOOLONG: "the name is too long"
        case ELOOP: "its symbolic links form a loop"
        case EISDIR: "it is a directory"
        case EMFILE, ENFILE: "too many files are open"
        case ETXTBSY: "it is a running program"
        default: Self.lowercased(String(cString: strerror(number)))
        }
    }

    private static func lowercased(_ text: String) -> String {
        text.prefix(1).lowercased() + text.dropFirst()
    }
}
