import Foundation

/// The response whose body was written into a file; see
/// ``HTTPClientPool/download(_:to:query:headers:maximumSize:timeout:fileID:line:)``.
public struct HTTPDownload: Sendable {
    /// The path of the file.
    public let path: String
    /// The size of the file in bytes; after decompression.
    public let size: Int64
    /// The status code, from 200 to 299.
    public let status: Int
    /// The headers by lower-case name.
    public let headers: [String: String]
    /// The URL of the response: the last one after redirects, without user, password, and fragment.
    public let url: URL
}

/// Headers do not appear, because they can carry secrets.
extension HTTPDownload: CustomStringConvertible {
    /// The size, the path, and the URL without its query.
    public var description: String {
        "\(self.size) bytes of \(HTTPRequest.label(of: self.url)) in \(self.path)"
    }
}
