import ResourceContainer

/// Which files are open and who uses them: a pure value, without descriptors, locks and clocks.
///
/// A path in a mode is one entry as long as somebody uses it. An entry can be cut off, because its path means another file by now: its users
/// keep it, and the next who asks gets a new one.
struct FileTable<File: Sendable>: Sendable {
    struct Key: Hashable, Sendable {
        /// In bytes: text that looks alike need not be the same name.
        let path: [UInt8]
        let mode: FileMode
    }

    /// One who has, or waits for, a handle.
    struct User: Sendable {
        let place: SourcePlace
        let scope: ScopeID?
        let since: TimeSource.Instant
    }

    /// Names a user of an entry. Once that has left, it matches nothing any more.
    struct Ticket: Hashable, Sendable {
        let entry: Int
        let user: UInt64
    }

    /// How far a file is.
    enum Phase: Sendable {
        /// Its first user is opening it. To `open`, or the entry goes.
        case opening
        /// It can be used. Until its last user leaves.
        case open(File)
    }

    struct Entry: Sendable {
        let key: Key
        let name: String
        var phase = Phase.opening
        var users: [UInt64: User] = [:]

        var isOpen: Bool {
            if case .open = self.phase { true } else { false }
        }

        /// The one who has had it longest; ids grow.
        var longest: User? {
            self.users.min { $0.key < $1.key }?.value
        }
    }

    /// What becomes of one who asks.
    enum Joining: Sendable {
        /// The store is closing.
        case refused
        /// Nobody has it: the asker opens it, and tells how that went.
        case opens(Ticket)
        /// Another is opening it: ask again when that has ended.
        case waits(entry: Int)
        /// It is open, and the asker is counted as a user.
        case shares(Ticket, File)
    }

    private(set) var isClosing = false
    private var rows: [Entry?] = []
    private var current: [Key: Int] = [:]
    private var lastUser: UInt64 = 0

    mutating func join(_ key: Key, name: String, _ user: User) -> Joining {
        if self.isClosing { return .refused }
        guard let entry = self.current[key] else {
            let entry = self.rows.firstIndex { $0 == nil } ?? self.rows.count
            if entry == self.rows.count { self.rows.append(nil) }
            self.rows[entry] = Entry(key: key, name: name)
            self.current[key] = entry
            return .opens(self.add(user, to: entry))
        }
        guard case .open(let file)? = self.rows[entry]?.phase else { return .waits(entry: entry) }
        return .shares(self.add(user, to: entry), file)
    }

    private mutating func add(_ user: User, to entry: Int) -> Ticket {
        self.lastUser += 1
        self.rows[entry]?.users[self.lastUser] = user
        return Ticket(entry: entry, user: self.lastUser)
    }

    /// The file is open; false if the store has begun to close: then the entry is gone, and the file is to be closed again.
    mutating func opened(_ ticket: Ticket, _ file: File) -> Bool {
        if self.isClosing {
            _ = self.leave(ticket)
            return false
        }
        self.rows[ticket.entry]?.phase = .open(file)
        return true
    }

    /// Ends a use; true if it was the last, and the entry is gone.
    mutating func leave(_ ticket: Ticket) -> Bool {
        guard self.rows.indices.contains(ticket.entry), self.rows[ticket.entry]?.users.removeValue(forKey: ticket.user) != nil else {
            return false
        }
        guard self.rows[ticket.entry]?.users.isEmpty == true else { return false }
        self.cutOff(ticket.entry)
        self.rows[ticket.entry] = nil
        return true
    }

    /// The path means another file by now: nobody else joins this one.
    mutating func cutOff(_ ticket: Ticket) {
        if self.rows[ticket.entry]?.users[ticket.user] != nil { self.cutOff(ticket.entry) }
    }

    private mutating func cutOff(_ entry: Int) {
        if let key = self.rows[entry]?.key, self.current[key] == entry { self.current[key] = nil }
    }

    /// Nobody joins any more.
    mutating func beginClosing() {
        self.isClosing = true
    }

    /// Takes out what is open: its users have left, whether they know it or not.
    mutating func takeAll() -> [Entry] {
        var taken: [Entry] = []
        for index in self.rows.indices {
            guard let entry = self.rows[index], case .open = entry.phase else { continue }
            taken.append(entry)
            self.rows[index] = nil
            self.current[entry.key] = nil
        }
        return taken
    }

    /// What is open, in the order of its places.
    var open: [Entry] {
        self.rows.compactMap { $0 }.filter(\.isOpen)
    }

    /// For every open file the one who has had it longest, longest first.
    func holders(limit: Int) -> [PoolSample.Holder] {
        var holders: [PoolSample.Holder] = []
        for (index, entry) in self.rows.enumerated() {
            guard let entry, entry.isOpen, let user = entry.longest else { continue }
            holders.append(PoolSample.Holder(slot: index, scope: user.scope, place: user.place, since: user.since))
        }
        holders.sort { ($0.since, $0.slot) < ($1.since, $1.slot) }
        return Array(holders.prefix(limit))
    }
}
