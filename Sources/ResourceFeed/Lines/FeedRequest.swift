import Foundation

/// A request of a client to the program that writes a feed: to close a scope.
///
/// For example `{"do":"close","force":false,"id":7,"scope":"req-1"}`. The program answers with a line that has the same number.
struct FeedRequest: Sendable, Hashable, Encodable {
    /// The number of the request.
    var id: Int
    /// The name of the scope, as the program sent it.
    var scope: String
    /// Whether the close does not wait for work in progress.
    var force: Bool

    private enum CodingKeys: String, CodingKey {
        case id, scope, force
        case command = "do"
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(self.id, forKey: .id)
        try fields.encode(FeedHeader.close, forKey: .command)
        try fields.encode(self.scope, forKey: .scope)
        try fields.encode(self.force, forKey: .force)
    }

    /// The request as a line, with its line feed; nil if it cannot be written, which does not occur.
    var line: [UInt8]? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { Array($0) + [0x0A] }
    }
}
