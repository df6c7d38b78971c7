import ResourceContainer
import ResourceMonitoring

/// The scopes whose names differ only in a number or an identity at the end, such as `req-84` and `req-85`.
struct ScopeGroup: Identifiable, Sendable {
    struct ID: Hashable, Sendable {
        /// The common name, with `*` for the part that differs.
        var pattern: String
        /// Whether this is the root scope, which is in no other group.
        var isRoot: Bool
    }

    let id: ID
    /// The pattern, or the name of the only scope.
    private(set) var name: String
    /// The number of open scopes.
    private(set) var open = 0
    /// The number of scopes that closed and are still stored.
    private(set) var closed = 0
    /// The number of stored closed scopes whose body threw.
    private(set) var threw = 0
    /// The number of active resources in the open scopes.
    private(set) var active = 0
    /// The number of errors in the open scopes.
    private(set) var errors = 0
    /// The newest open scope.
    private(set) var newest: ScopeID?
    /// The source location that opened the newest scope.
    private(set) var location: CodeLocation
    /// The time at which the oldest open scope was opened.
    private(set) var oldest: TimeSource.Instant?
    /// The number of scopes opened per second; nil for a single scope, and while it is unknown.
    private(set) var rate: Double?
    /// The time for which 95 of 100 closed scopes were open at most; nil if none has closed.
    private(set) var p95: Duration?
    /// The number of scopes that opened within the window.
    private var opened = 0
    /// The times for which the closed scopes were open.
    private var spans: [Duration] = []

    /// The time over which rates are measured.
    private static let window = Duration.seconds(10)

    private init(_ id: ID, _ scope: ScopeSnapshot) {
        self.id = id
        self.name = scope.name
        self.location = scope.location
    }

    /// Returns the groups of a picture, the root first and the others by name: those with open scopes and, if ended items are shown, those
    /// of several closed scopes that opened one within the window. O(scopes), plus O(groups log groups) for the order.
    static func all(in picture: Picture, showsEnded: Bool) -> [ScopeGroup] {
        let window = Self.window(of: picture)
        let begin = picture.time + (Duration.zero - window)
        var groups: [ScopeGroup] = []
        var indices: [ID: Int] = [:]
        func add(_ row: ScopeRow) {
            let isRoot = row.scope.parent == nil
            let id = ID(pattern: isRoot ? row.scope.name : self.pattern(of: row.scope.name), isRoot: isRoot)
            if let index = indices[id] {
                groups[index].add(row, since: begin)
            } else {
                indices[id] = groups.count
                var group = ScopeGroup(id, row.scope)
                group.add(row, since: begin)
                groups.append(group)
            }
        }
        for row in picture.scopes.values { add(row) }
        for row in picture.closedScopes { add(row) }
        for index in groups.indices { groups[index].finish(window) }
        let shown = groups.filter { $0.open > 0 || (showsEnded && $0.opened > 0 && $0.closed > 1) }
        return shown.sorted { left, right in
            left.id.isRoot == right.id.isRoot ? left.id.pattern < right.id.pattern : left.id.isRoot
        }
    }

    /// Returns the length of the window: the time before the picture within which every opened scope is known. It is shorter than its limit
    /// while scopes that closed in it are no longer stored.
    private static func window(of picture: Picture) -> Duration {
        let whole = min(self.window, picture.uptime)
        guard let first = picture.closedScopes.first?.closedAt, picture.closedScopes.count < picture.totals.closedScopes else {
            return whole
        }
        return min(whole, max(.zero, picture.time - first))
    }

    private mutating func add(_ row: ScopeRow, since begin: TimeSource.Instant) {
        let scope = row.scope
        if scope.openedAt >= begin { self.opened += 1 }
        if let closedAt = row.closedAt {
            self.closed += 1
            if row.outcome?.kind == .threw { self.threw += 1 }
            self.spans.append(closedAt - scope.openedAt)
            return
        }
        self.open += 1
        self.active.addSaturated(scope.books.active)
        self.errors.addSaturated(scope.books.errors)
        self.oldest = min(self.oldest ?? scope.openedAt, scope.openedAt)
        if self.newest.map({ $0 < scope.id }) ?? true {
            self.newest = scope.id
            self.location = scope.location
        }
    }

    private mutating func finish(_ window: Duration) {
        guard self.open + self.closed > 1 else { return }
        self.name = self.id.pattern
        if window > .zero { self.rate = Double(self.opened) / window.inSeconds }
        self.p95 = Self.p95(self.spans)
    }

    /// Returns the value that 95 of 100 durations do not exceed (nearest rank); nil if there is none.
    static func p95(_ durations: [Duration]) -> Duration? {
        let sorted = durations.sorted()
        return sorted.isEmpty ? nil : sorted[(sorted.count * 95 + 99) / 100 - 1]
    }

    /// Returns the group as a line of text: a single scope in full, and otherwise the figures of the group.
    func text(_ context: ScreenContext) -> String? {
        if self.open == 1, self.closed == 0 { return self.newest.flatMap { context.scopeText($0) } }
        let rate = self.rate.map { ", \(Format.rate($0)) opened per second" } ?? ""
        let span = self.p95.map { ", p95 open \(Format.duration($0))" } ?? ""
        let threw = self.threw > 0 ? ", \(self.threw) of \(self.closed) closed threw" : ""
        return "\(self.name): \(self.open) open\(rate)\(span)\(threw), \(self.active) active resources, \(self.errors) errors"
    }
}

extension ScopeGroup {
    /// Returns a name without the number or the identity at its end, with `*` in its place: `req-*` for `req-85`, `tx-*` for `tx-84.1`,
    /// `page*` for `page3`. A name without one is its own pattern.
    static func pattern(of name: String) -> String {
        let text = name.utf8
        var end = text.endIndex
        var cut: String.Index?
        // Identities can have several parts, as UUIDs do.
        while end > text.startIndex {
            let part = text[..<end]
            let begin = part.lastIndex(where: Self.isSeparator).map { text.index(after: $0) } ?? text.startIndex
            guard begin < end, Self.isIdentity(text[begin..<end], isFirst: begin == text.startIndex) else { break }
            cut = begin
            end = begin > text.startIndex ? text.index(before: begin) : begin
        }
        if let cut { return "\(name[..<cut])*" }
        let word = text.lastIndex { !Self.digits.contains($0) }.map { text.index(after: $0) } ?? text.startIndex
        return word < text.endIndex ? "\(name[..<word])*" : name
    }

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "#"),
            UInt8(ascii: " "):
            true
        default: false
        }
    }

    /// Whether a part of a name is a number, or a hexadecimal number with a digit. A short first part with letters is a word: `ad2` is no
    /// number.
    private static func isIdentity(_ part: Substring.UTF8View, isFirst: Bool) -> Bool {
        var (hasDigit, hasLetter) = (false, false)
        for byte in part {
            switch byte {
            case Self.digits: hasDigit = true
            case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): hasLetter = true
            default: return false
            }
        }
        return hasDigit && !(isFirst && hasLetter && part.count < 16)
    }
}
