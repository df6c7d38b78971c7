import ResourceContainer

/// One line of a client: the number of the request, and the command.
///
/// For example `{"id":7,"do":"closeScope","scope":12,"force":false}`. Fields that the command does not know are ignored.
public struct AttachRequest: Sendable, Hashable {
    /// The number of the request, which its answer repeats. The client chooses it.
    public var id: Int
    /// The command.
    public var command: AttachCommand

    /// Creates a request.
    public init(id: Int, command: AttachCommand) {
        self.id = id
        self.command = command
    }

    /// The deepest nesting of objects and lists in a line. A request with an injected fault has three levels.
    private static let depth = 16

    /// Parses a line without its line feed.
    ///
    /// - Throws: ``AttachRequestFault`` with the number of the request, if it is readable.
    public init(parsing line: ArraySlice<UInt8>) throws(AttachRequestFault) {
        let parsed: ParsedRequest
        do {
            parsed = try ForeignJSON.decode(ParsedRequest.self, from: Array(line), deepest: Self.depth)
        } catch {
            throw AttachRequestFault(id: nil, "the line is not a JSON object with an 'id' and a 'do'")
        }
        guard let id = parsed.id else { throw AttachRequestFault(id: nil, "the request has no 'id', a whole number") }
        self.id = id
        self.command = try parsed.command.get()
    }

    /// The request as a line, with its line feed.
    public var line: [UInt8] {
        var json = JSONBytes()
        json.open("{")
        json.field("id", self.id)
        json.field("do", self.command.name.rawValue)
        switch self.command {
        case .watch(let mode, let last):
            json.field("mode", mode.rawValue)
            if let last { json.field("lastNanoseconds", last) }
        case .openScope(let parent, let name):
            json.field("in", parent.rawValue)
            json.field("name", ifPresent: name)
        case .closeScope(let scope, let force):
            json.field("scope", scope.rawValue)
            json.field("force", force)
        case .get(let binding, let scope):
            json.field("binding", binding.rawValue)
            json.field("in", scope.rawValue)
        case .checkHealth(let resource): json.field("resource", ifPresent: resource?.rawValue)
        case .lease(let pool), .breakLease(let pool): json.field("pool", pool.rawValue)
        case .release, .releaseAll: break
        case .inject(let fault, let binding):
            json.field("fault", fault.requestName.rawValue)
            if case .slowInitialize(let duration) = fault { json.field("slowNanoseconds", duration) }
            json.field("binding", binding.rawValue)
        }
        json.close("}")
        json.raw("\n")
        return json.bytes
    }
}

/// The error of a line that is not a request.
public struct AttachRequestFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The number of the request; nil if it could not be read.
    public var id: Int?
    /// The fault, as a clause for the client. It contains no text of the line.
    public var description: String

    /// Creates an error.
    public init(id: Int?, _ description: String) {
        self.id = id
        self.description = description
    }
}

extension InjectedFault {
    /// The names of faults in requests.
    fileprivate enum RequestName: String, CaseIterable {
        case failInitialize, hangInitialize, slowInitialize, failDispose, hangDispose
    }

    fileprivate var requestName: RequestName {
        switch self {
        case .failInitialize: .failInitialize
        case .hangInitialize: .hangInitialize
        case .slowInitialize: .slowInitialize
        case .failDispose: .failDispose
        case .hangDispose: .hangDispose
        }
    }
}

/// The fields of a request. A request with a readable number and an unusable command keeps its number, so that it can be answered.
private struct ParsedRequest: Decodable {
    private enum Key: String, CodingKey {
        case id
        case command = "do"
        case mode, last = "lastNanoseconds"
        case scope, name, force, binding, resource, pool, fault
        case parent = "in"
        case slow = "slowNanoseconds"
    }

    private typealias Fields = KeyedDecodingContainer<Key>

    let id: Int?
    let command: Result<AttachCommand, AttachRequestFault>

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        let id = try? fields.decode(Int.self, forKey: .id)
        self.id = id
        do {
            self.command = .success(try Self.command(fields))
        } catch {
            self.command = .failure(AttachRequestFault(id: id, error.reason))
        }
    }

    /// The reason why a request cannot be used.
    private struct Unusable: Error {
        let reason: String
    }

    private static func command(_ fields: Fields) throws(Unusable) -> AttachCommand {
        let names = AttachCommand.Name.allCases.map(\.rawValue).joined(separator: ", ")
        let name = try self.value(fields, .command, String.self, "the name of a command")
        guard let command = AttachCommand.Name(rawValue: name) else { throw Unusable(reason: "'do' is none of \(names)") }
        switch command {
        case .watch: return try self.watch(fields)
        case .openScope:
            let parent = try self.value(fields, .parent, ScopeID.self, "the number of a scope")
            return .openScope(in: parent, name: try self.value(fields, ifPresent: .name, String.self, "a text"))
        case .closeScope:
            let scope = try self.value(fields, .scope, ScopeID.self, "the number of a scope")
            return .closeScope(scope, force: try self.value(fields, ifPresent: .force, Bool.self, "true or false") ?? false)
        case .get:
            let binding = try self.value(fields, .binding, BindingID.self, "the number of a binding")
            return .get(binding, in: try self.value(fields, .parent, ScopeID.self, "the number of a scope"))
        case .checkHealth:
            return .checkHealth(try self.value(fields, ifPresent: .resource, ResourceID.self, "the number of an instance"))
        case .lease: return .lease(try self.value(fields, .pool, ResourceID.self, "the number of a pool's instance"))
        case .release: return .release
        case .releaseAll: return .releaseAll
        case .breakLease: return .breakLease(try self.value(fields, .pool, ResourceID.self, "the number of a pool's instance"))
        case .inject: return try self.inject(fields)
        }
    }

    private static func watch(_ fields: Fields) throws(Unusable) -> AttachCommand {
        let name = try self.value(fields, ifPresent: .mode, String.self, "a mode") ?? AttachMode.full.rawValue
        guard let mode = AttachMode(rawValue: name) else {
            throw Unusable(reason: "'mode' is none of \(AttachMode.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return .watch(mode, last: try self.duration(fields, .last))
    }

    private static func inject(_ fields: Fields) throws(Unusable) -> AttachCommand {
        let name = try self.value(fields, .fault, String.self, "the name of a fault")
        let binding = try self.value(fields, .binding, BindingID.self, "the number of a binding")
        switch InjectedFault.RequestName(rawValue: name) {
        case .failInitialize: return .inject(.failInitialize, binding)
        case .hangInitialize: return .inject(.hangInitialize, binding)
        case .failDispose: return .inject(.failDispose, binding)
        case .hangDispose: return .inject(.hangDispose, binding)
        case .slowInitialize:
            guard let duration = try self.duration(fields, .slow) else {
                throw Unusable(reason: "slowInitialize needs '\(Key.slow.rawValue)', a whole number")
            }
            return .inject(.slowInitialize(duration), binding)
        case nil:
            throw Unusable(reason: "'fault' is none of \(InjectedFault.RequestName.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }

    private static func duration(_ fields: Fields, _ key: Key) throws(Unusable) -> Duration? {
        guard let nanoseconds = try self.value(fields, ifPresent: key, Int64.self, "a whole number") else { return nil }
        guard nanoseconds >= 0 else { throw Unusable(reason: "'\(key.rawValue)' is below 0") }
        return .nanoseconds(nanoseconds)
    }

    /// The value of a field that must be present.
    private static func value<Value: Decodable>(
        _ fields: Fields,
        _ key: Key,
        _ type: Value.Type,
        _ what: String
    ) throws(Unusable) -> Value {
        guard let value = try self.value(fields, ifPresent: key, type, what) else {
            throw Unusable(reason: "'\(key.rawValue)' is missing: \(what)")
        }
        return value
    }

    /// The value of a field; nil if it is absent or null.
    private static func value<Value: Decodable>(
        _ fields: Fields,
        ifPresent key: Key,
        _ type: Value.Type,
        _ what: String
    ) throws(Unusable) -> Value? {
        do {
            return try fields.decodeIfPresent(type, forKey: key)
        } catch {
            throw Unusable(reason: "'\(key.rawValue)' is not \(what)")
        }
    }
}
