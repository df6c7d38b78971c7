import Foundation

/// Why a file cannot be read, made or written, as a sentence for people.
package struct FileFault: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// There is nothing at that place.
        case absent
        /// A file is there, and nobody said that it may be replaced.
        case exists
        /// Nothing was begun.
        case refused
        /// Writing had begun.
        case brokenOff
    }

    package var kind: Kind
    /// What cannot be done: `'x' cannot be written`, `standard output cannot be written`.
    package var what: String
    /// Why: `it is a directory`.
    package var reason: String

    package init(_ kind: Kind, _ what: String, _ reason: String) {
        self.kind = kind
        self.what = what
        self.reason = reason
    }

    package var description: String { "\(self.what): \(self.reason)" }

    /// What an error number of a call on a file means. The common ones are said in words that hold whatever was called.
    package static func words(_ number: Int32) -> String {
        switch number {
        case ENOSPC: "no space is left on the device"
        case EDQUOT: "the quota is used up"
        case EFBIG: "the file would be larger than the limit for files (ulimit -f)"
        case EPIPE: "nobody reads from it any more"
        case EACCES, EPERM: "permission is denied"
        case EROFS: "the file system is read-only"
        case EBADF: "it is closed"
        case ENAMETOOLONG: "the name is too long"
        case ELOOP: "its links lead in a circle"
        case EISDIR: "it is a directory"
        case EMFILE, ENFILE: "too many files are open"
        case ETXTBSY: "it is a program that is running"
        default: Self.lowercased(String(cString: strerror(number)))
        }
    }

    private static func lowercased(_ text: String) -> String {
        text.prefix(1).lowercased() + text.dropFirst()
    }
}
