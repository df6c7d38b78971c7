import Foundation

/// Where a result goes. Made before the result is: what cannot be written is refused before anything has been done.
enum OutputDestination: Equatable {
    case standardOutput
    /// A file that is replaced as a whole: whoever reads it sees the old or the new one.
    case file(String)
    /// A device or a pipe, which is written to and not replaced.
    case stream(String)

    /// Where `path` points to: standard output for nil and `-`.
    init(path: String?) throws(UsageFault) {
        guard let path, path != "-" else {
            self = .standardOutput
            return
        }
        let files = FileManager.default
        var isDirectory: ObjCBool = false
        if files.fileExists(atPath: path, isDirectory: &isDirectory) {
            if isDirectory.boolValue { throw Self.fault(path, "it is a directory") }
            guard files.isWritableFile(atPath: path) else { throw Self.fault(path, "it is not writable") }
            let type = (try? files.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
            guard type == .typeRegular else {
                self = .stream(path)
                return
            }
        }
        let directory = Self.directory(of: path)
        guard files.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw Self.fault(path, "there is no directory '\(directory)'")
        }
        guard files.isWritableFile(atPath: directory) else { throw Self.fault(path, "the directory '\(directory)' is not writable") }
        self = .file(path)
    }

    /// The same with a number in front of the file's extension: `frame.svg` becomes `frame-007.svg`.
    func numbered(_ number: Int, digits: Int) -> OutputDestination {
        guard case .file(let path) = self else { return self }
        let name = String(number)
        let padded = String(repeating: "0", count: max(0, digits - name.count)) + name
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        guard let dot = path[slash...].lastIndex(of: "."), dot > slash else { return .file("\(path)-\(padded)") }
        return .file("\(path[..<dot])-\(padded)\(path[dot...])")
    }

    /// Writes `text` there.
    func write(_ text: String) throws {
        switch self {
        case .standardOutput:
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        case .file(let path):
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        case .stream(let path):
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            try handle.write(contentsOf: Data(text.utf8))
        }
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func fault(_ path: String, _ reason: String) -> UsageFault {
        UsageFault("--output: '\(path)' cannot be written: \(reason)")
    }
}
