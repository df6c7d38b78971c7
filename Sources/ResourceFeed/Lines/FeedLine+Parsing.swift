import ResourceContainer
import ResourceRecording

extension FeedLine {
    /// The fields that name the kind of a line, of which a line has one.
    private enum KindName: String, CaseIterable {
        case resmon, bind, open, closing, close, make, ready, failed, error, disposing, disposed, abandoned, health, use, pool, note, past
        case closed, missed, live, beat, answer, end
    }

    /// The names of all fields.
    fileprivate enum Key: String, CaseIterable, Sendable {
        // Those of ``KindName``.
        case resmon, bind, open, closing, close, make, ready, failed, error, disposing, disposed, abandoned, health, use, pool, note, past
        case closed, missed, live, beat, answer, end
        // The others.
        case at, scope = "in", tag, file, line, lifetime, id, needs, took, text, threw, budget, status = "is", times, outcome, type
        case max, used, idle, waiting, created, leases, timeouts
        case disposals, failures, abandonments, errors, returned, canceled, refused
        case container, language, program, host, instance, pid, uid, started, root, may, state, uses
    }

    private static let names = JSONNames<Key>()
    private static let kinds = KindName.allCases.compactMap { name in Key(rawValue: name.rawValue).map { (name, $0) } }

    /// Parses a line without its line feed. A carriage return at its end is ignored. O(bytes).
    ///
    /// Every line has a meaning: one that is no JSON object is output, and one that cannot be used is a fault.
    package init(parsing line: ArraySlice<UInt8>) {
        let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        guard line.first(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) == UInt8(ascii: "{") else {
            self.init(.output(Self.output(line)))
            return
        }
        guard line.count <= FeedLimits.line else {
            self.init(.fault("a line has \(line.count) bytes, and the longest that is used has \(FeedLimits.line)"))
            return
        }
        let parsed: FeedLine? = line.withUnsafeBufferPointer { bytes in
            var walk = JSONWalk(bytes)
            guard let fields = try? JSONFields(&walk, names: Self.names), walk.isAtEnd else { return nil }
            return FeedLine(Fields(fields))
        }
        self = parsed ?? FeedLine(.output(Self.output(line)))
    }

    /// The text of a line that is no JSON object.
    private static func output(_ line: ArraySlice<UInt8>) -> String {
        String(decoding: line.prefix(FeedLimits.line), as: UTF8.self).asSentence
    }

    /// The meaning of the fields of an object.
    private init(_ fields: Fields) {
        do throws(FeedFault) {
            let at = try fields.number(ifPresent: .at)
            do throws(FeedFault) {
                self.init(try Self.kind(fields), at: at)
            } catch {
                self.init(.fault(error.reason), at: at)
            }
        } catch {
            self.init(.fault(error.reason))
        }
    }

    private static func kind(_ fields: Fields) throws(FeedFault) -> Kind {
        let present = Self.kinds.filter { !fields.isAbsent($0.1) }.map(\.0)
        guard let name = present.first else { return .unknown }
        guard present.count == 1 else {
            throw FeedFault("a line has the kinds \(present.map { "'\($0.rawValue)'" }.joined(separator: " and ")), but it must have one")
        }
        switch name {
        case .resmon: return .header(try FeedHeader(fields))
        case .bind:
            return .bind(type: try fields.name(.bind), lifetime: try fields.lifetime(), location: try fields.location())
        case .open:
            let (parent, tag) = (try fields.name(ifPresent: .scope), try fields.name(ifPresent: .tag))
            return .open(try fields.name(.open), in: parent, tag: tag, location: try fields.location())
        case .closing: return .closing(try fields.name(.closing))
        case .close: return .close(try fields.name(.close), try fields.outcome())
        case .make:
            let (type, id) = (try fields.name(.make), try fields.name(.id))
            return .make(type: type, id: id, in: try fields.name(ifPresent: .scope), needs: try fields.list(.needs))
        case .ready: return .ready(try fields.name(.ready), took: try fields.duration(.took), needs: try fields.list(.needs))
        case .failed: return .failed(try fields.name(.failed), text: try fields.sentence(.text) ?? "", took: try fields.duration(.took))
        case .error: return .error(try fields.name(.error), text: try fields.sentence(.text) ?? "")
        case .disposing: return .disposing(try fields.name(.disposing))
        case .disposed:
            return .disposed(try fields.name(.disposed), took: try fields.duration(.took), threw: try fields.sentence(.threw))
        case .abandoned: return .abandoned(try fields.name(.abandoned), budget: try fields.duration(.budget))
        case .health:
            guard let status = try fields.name(ifPresent: .status).flatMap(HealthStatus.init) else {
                throw FeedFault("'is' is none of \(HealthStatus.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return .health(try fields.name(.health), status, text: try fields.sentence(.text), took: try fields.duration(.took))
        case .use: return .use(try fields.name(.use), times: try fields.count(.times))
        case .pool: return .pool(try FeedPool(fields))
        case .note: return .note(try fields.sentence(.note) ?? "", in: try fields.name(ifPresent: .scope))
        case .past: return .past(type: try fields.name(.past), try FeedPast(fields))
        case .closed: return try fields.closed()
        case .missed: return .missed(UInt64(try fields.count(.missed, most: FeedLimits.missed) ?? 0))
        case .live: return .live
        case .beat: return .beat
        case .answer: return .answer(try fields.count(.answer) ?? 0, refused: try fields.sentence(.refused))
        case .end: return .end(try? fields.sentence(.end))
        }
    }

    /// The fields of an object, whose values are checked when they are read.
    fileprivate struct Fields {
        private let fields: JSONFields<Key>

        init(_ fields: JSONFields<Key>) {
            self.fields = fields
        }

        /// Whether the value is absent or null.
        func isAbsent(_ key: Key) -> Bool {
            self.fields.value(key).map { $0.elementsEqual("null".utf8) } ?? true
        }

        /// A text; nil if it is absent.
        private func text(_ key: Key) throws(FeedFault) -> String? {
            if self.isAbsent(key) { return nil }
            guard let text = try? self.fields.text(ifPresent: key), self.fields.value(key)?.first == UInt8(ascii: "\"") else {
                throw FeedFault("'\(key.rawValue)' is not a text")
            }
            return text
        }

        /// A name as it was sent, so that names that are shown alike stay different; nil if it is absent.
        func name(ifPresent key: Key) throws(FeedFault) -> String? {
            guard let name = try self.text(key) else { return nil }
            if name.isEmpty { throw FeedFault("'\(key.rawValue)' is empty") }
            if name.utf8.count > FeedLimits.name { throw FeedFault("'\(key.rawValue)' is longer than \(FeedLimits.name) bytes") }
            return name
        }

        func name(_ key: Key) throws(FeedFault) -> String {
            guard let name = try self.name(ifPresent: key) else { throw FeedFault("'\(key.rawValue)' is missing") }
            return name
        }

        /// A sentence for display; nil if it is absent.
        func sentence(_ key: Key) throws(FeedFault) -> String? {
            try self.text(key)?.asSentence
        }

        /// A list of names; empty if it is absent.
        func list(_ key: Key) throws(FeedFault) -> [String] {
            if self.isAbsent(key) { return [] }
            guard let list = try? self.fields.decoded([String].self, ifPresent: key) else {
                throw FeedFault("'\(key.rawValue)' is not a list of texts")
            }
            guard list.count <= FeedLimits.needs, list.allSatisfy({ $0.utf8.count <= FeedLimits.name }) else {
                throw FeedFault(
                    "'\(key.rawValue)' has more than \(FeedLimits.needs) names, or one that is longer than \(FeedLimits.name) bytes"
                )
            }
            return list
        }

        /// A finite number; nil if it is absent.
        func number(ifPresent key: Key) throws(FeedFault) -> Double? {
            guard !self.isAbsent(key), let bytes = self.fields.value(key) else { return nil }
            let text = String(decoding: bytes, as: UTF8.self)
            // `Double` also accepts hexadecimal numbers, infinities, and NaN.
            guard bytes.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let number = Double(text), number.isFinite else {
                throw FeedFault("'\(key.rawValue)' is not a number")
            }
            return number
        }

        /// A duration in seconds; nil if it is absent.
        func duration(_ key: Key) throws(FeedFault) -> Duration? {
            guard let seconds = try self.number(ifPresent: key) else { return nil }
            guard (0...FeedLimits.seconds).contains(seconds) else {
                throw FeedFault("'\(key.rawValue)' is not a duration from 0 s to a year")
            }
            return .nanoseconds(Int64(seconds * 1e9))
        }

        /// A whole number from 0; nil if it is absent.
        func count(_ key: Key, most: Int = FeedLimits.count) throws(FeedFault) -> Int? {
            guard let number = try self.number(ifPresent: key) else { return nil }
            guard number.rounded() == number, (0...Double(most)).contains(number) else {
                throw FeedFault("'\(key.rawValue)' is not a whole number from 0 to \(most)")
            }
            return Int(number)
        }

        /// True or false; false if it is absent.
        func flag(_ key: Key) throws(FeedFault) -> Bool {
            if self.isAbsent(key) { return false }
            guard let value = self.fields.value(key), value.elementsEqual("true".utf8) || value.elementsEqual("false".utf8) else {
                throw FeedFault("'\(key.rawValue)' is not true or false")
            }
            return value.elementsEqual("true".utf8)
        }

        func lifetime() throws(FeedFault) -> Lifetime? {
            switch try self.name(ifPresent: .lifetime) {
            case nil: return nil
            case "singleton": return .singleton
            case "scoped": return .scoped
            case "transient": return .transient
            default: throw FeedFault("'lifetime' is none of singleton, scoped, transient")
            }
        }

        func location() throws(FeedFault) -> CodeLocation? {
            guard let file = try self.name(ifPresent: .file) else { return nil }
            return CodeLocation(file: file.asName, line: UInt(try self.count(.line, most: 1_000_000_000) ?? 0))
        }

        func outcome() throws(FeedFault) -> ScopeOutcome? {
            switch try self.name(ifPresent: .outcome) {
            case nil: return nil
            case "returned": return .returned
            case "canceled": return .canceled
            case "threw": return .threw(type: try self.name(ifPresent: .type)?.asName ?? "", text: try self.sentence(.text) ?? "")
            default: throw FeedFault("'outcome' is none of returned, threw, canceled")
            }
        }

        func closed() throws(FeedFault) -> Kind {
            let closed = try self.count(.closed, most: FeedLimits.closed) ?? 0
            var outcomes = ScopeOutcomeCounts()
            outcomes.returned = try self.count(.returned) ?? 0
            outcomes.threw = try self.count(.threw) ?? 0
            outcomes.canceled = try self.count(.canceled) ?? 0
            guard outcomes.total <= closed else { throw FeedFault("the outcomes of \(closed) closed scopes add up to \(outcomes.total)") }
            outcomes.none = closed - outcomes.total
            return .closed(closed, outcomes)
        }
    }
}

extension FeedHeader {
    fileprivate init(_ fields: FeedLine.Fields) throws(FeedFault) {
        self.version = try fields.count(.resmon) ?? 0
        var faults: [String] = []
        // A field that cannot be used counts as absent, because nothing of the feed could be shown without its first line.
        func ifUsable<Value>(_ value: () throws(FeedFault) -> Value?) -> Value? {
            do throws(FeedFault) {
                return try value()
            } catch {
                faults.append(error.reason)
                return nil
            }
        }
        self.container = ifUsable { () throws(FeedFault) in try fields.name(ifPresent: .container) } ?? "feed"
        self.language = ifUsable { () throws(FeedFault) in try fields.name(ifPresent: .language) }
        self.program = ifUsable { () throws(FeedFault) in try fields.name(ifPresent: .program) }
        self.host = ifUsable { () throws(FeedFault) in try fields.name(ifPresent: .host) }
        self.instance = ifUsable { () throws(FeedFault) in try fields.name(ifPresent: .instance) }
        self.pid = ifUsable { () throws(FeedFault) in try fields.count(.pid, most: Int(Int32.max)) }.map(Int32.init)
        self.uid = ifUsable { () throws(FeedFault) in try fields.count(.uid, most: Int(UInt32.max)) }.map(UInt32.init)
        self.started = ifUsable { () throws(FeedFault) in try fields.number(ifPresent: .started) }
        self.root = ifUsable { () throws(FeedFault) in try fields.name(ifPresent: .root) } ?? Self.usualRoot
        self.may = ifUsable { () throws(FeedFault) in try fields.list(.may) } ?? []
        self.tellsState = ifUsable { () throws(FeedFault) in try fields.flag(.state) } ?? false
        self.tellsUses = ifUsable { () throws(FeedFault) in try fields.flag(.uses) } ?? false
        self.faults = faults
    }
}

extension FeedPool {
    fileprivate init(_ fields: FeedLine.Fields) throws(FeedFault) {
        self.name = try fields.name(.pool)
        self.maximum = try fields.count(.max)
        self.used = try fields.count(.used) ?? 0
        self.idle = try fields.count(.idle) ?? 0
        self.waiting = try fields.count(.waiting) ?? 0
        self.created = try fields.count(.created)
        self.leases = try fields.count(.leases)
        self.timeouts = try fields.count(.timeouts)
    }
}

extension FeedPast {
    fileprivate init(_ fields: FeedLine.Fields) throws(FeedFault) {
        self.disposed = try fields.count(.disposals) ?? 0
        self.failed = try fields.count(.failures) ?? 0
        self.abandoned = try fields.count(.abandonments) ?? 0
        self.errors = try fields.count(.errors) ?? 0
    }
}

/// The reason why a line of a feed is not used, as a clause for users.
struct FeedFault: Error, Sendable, Hashable {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
