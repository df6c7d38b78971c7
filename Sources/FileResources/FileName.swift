/// A validated name inside a store, split into components. Pure: it does not access the file system.
///
/// Names are bytes, as in the file system. In characters, `"../\u{338}x"` would contain no slash, and the two spellings of `é` would be one
/// name.
struct FileName: Sendable {
    /// The name as it was passed.
    let text: String
    /// The components, without empty ones and `.`.
    let components: [[UInt8]]

    /// The maximum number of directories that a name may be nested in, links included.
    static let maximumDepth = 64

    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")

    /// The normalized path; two names are equal only if their bytes are equal.
    var path: [UInt8] {
        Array(self.components.joined(separator: [Self.slash]))
    }

    init(_ text: String) throws(FileFailure) {
        let bytes = Array(text.utf8)
        if bytes.isEmpty { throw FileFailure(.invalidName, "the name is empty") }
        if bytes.contains(0) { throw FileFailure(.invalidName, "the name contains a NUL byte") }
        if bytes.first == Self.slash { throw .leavesDirectory }
        let components = Self.components(of: bytes)
        if components.contains([Self.dot, Self.dot]) { throw .leavesDirectory }
        if components.isEmpty || bytes.last == Self.slash { throw FileFailure(.invalidName, "the name refers to a directory") }
        if components.count > Self.maximumDepth {
            throw FileFailure(.invalidName, "the name has \(components.count) components; the maximum is \(Self.maximumDepth)")
        }
        self.text = text
        self.components = components
    }

    /// The components of a path, including `..`.
    static func components(of path: [UInt8]) -> [[UInt8]] {
        path.split(separator: Self.slash).filter { $0 != [Self.dot] }.map(Array.init)
    }
}
