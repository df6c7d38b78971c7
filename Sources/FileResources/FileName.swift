/// A name inside a store, taken apart. Pure: says nothing about what is on disk.
///
/// Works on bytes, as the system does. In characters, `"../\u{338}x"` holds no slash, and the two ways to write `é` are one name.
struct FileName: Sendable {
    /// As it was given.
    let text: String
    /// Its parts, without empty ones and single dots.
    let components: [[UInt8]]

    /// How many directories deep a name may lead, links included.
    static let maximumDepth = 64

    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")

    /// The parts as one, equal for two names only if they are the same bytes.
    var path: [UInt8] {
        Array(self.components.joined(separator: [Self.slash]))
    }

    init(_ text: String) throws(FileFailure) {
        let bytes = Array(text.utf8)
        if bytes.isEmpty { throw FileFailure(.invalidName, "the name is empty") }
        if bytes.contains(0) { throw FileFailure(.invalidName, "the name holds a NUL, at which the system would cut it off") }
        if bytes.first == Self.slash { throw .leavesDirectory }
        let components = Self.components(of: bytes)
        if components.contains([Self.dot, Self.dot]) { throw .leavesDirectory }
        if components.isEmpty || bytes.last == Self.slash { throw FileFailure(.invalidName, "the name is that of a directory") }
        if components.count > Self.maximumDepth {
            throw FileFailure(.invalidName, "the name leads \(components.count) deep, and \(Self.maximumDepth) is the most")
        }
        self.text = text
        self.components = components
    }

    /// The parts of a path, `..` included.
    static func components(of path: [UInt8]) -> [[UInt8]] {
        path.split(separator: Self.slash).filter { $0 != [Self.dot] }.map(Array.init)
    }
}
