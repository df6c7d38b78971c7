import ResourceContainer

/// The open files and their users: a pure value without descriptors, locks, or clocks.
///
/// A path in a mode has one entry while it has users. An entry is cut off when its path refers to another file: its users keep it, and the
/// next user gets a new entry.
struct FileTable<File: Sendable>: Sendable {
    struct Key: Hashable, Sendable {
        /// The bytes of the path: names that look alike can differ.
        let path: [UInt8]
        let mode: FileMode
    }

    /// A user that has a handle or waits for one.
    struct User: Sendable {
        let location: CodeLocation
        let scope: ScopeID?
        let since: TimeSource.Instant
    }

    /// Identifies a user of an entry. It matches nothing once the user has left.
    struct Ticket: Hashable, Sendable {
        let entry: Int
        let user: UInt64
    }

    /// The phase of an entry.
    enum Phase: Sendable {
        /// The first user is opening the file. Becomes `open`, or the entry is removed.
        case opening
        /// The file can be used, until the last user leaves.
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

        /// The user that has had the file longest; user ids increase.
        var longest: User? {
            self.users.min { $0.key < $1.key }?.value
        }
    }

    /// The result of joining an entry.
    enum Joining: Sendable {
        /// The store is closing.
        case refused
        /// The file is not open: the caller opens it and reports the result.
        case opens(Ticket)
        /// Another user is opening the file: join again when that has ended.
        case waits(entry: Int)
        /// The file is open, and the caller is counted as a user.
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

    /// Records that the file is open. Returns false if the store has begun to close: the entry is removed, and the caller closes the file.
    mutating func opened(_ ticket: Ticket, _ file: File) -> Bool {
        if self.isClosing {
            _ = self.leave(ticket)
            return false
        }
        self.rows[ticket.entry]?.phase = .open(file)
        return true
    }

    /// Ends a use. Returns true if it was the last one and the entry was removed.
    mutating func leave(_ ticket: Ticket) -> Bool {
        guard self.rows.indices.contains(ticket.entry), self.rows[ticket.entry]?.users.removeValue(forKey: ticket.user) != nil else {
            return false
        }
        guard self.rows[ticket.entry]?.users.isEmpty == true else { return false }
        self.cutOff(ticket.entry)
        self.rows[ticket.entry] = nil
        return true
    }

    /// Cuts the entry off because its path refers to another file; later users do not join it.
    mutating func cutOff(_ ticket: Ticket) {
        if self.rows[ticket.entry]?.users[ticket.user] != nil { self.cutOff(ticket.entry) }
    }

    private mutating func cutOff(_ entry: Int) {
        if let key = self.rows[entry]?.key, self.current[key] == entry { self.current[key] = nil }
    }

    /// Refuses all further users.
    mutating func beginClosing() {
        self.isClosing = true
    }

    /// Removes and returns the open entries; their users count as gone.
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

    /// The open entries, ordered by index.
    var open: [Entry] {
        self.rows.compactMap { $0 }.filter(\.isOpen)
    }

    /// The longest user of every open file, longest first.
    func holders(limit: Int) -> [PoolSample.Holder] {
        var holders: [PoolSample.Holder] = []
        for (index, entry) in self.rows.enumerated() {
            guard let entry, entry.isOpen, let user = entry.longest else { continue }
            holders.append(PoolSample.Holder(slot: index, scope: user.scope, location: user.location, since: user.since))
        }
        holders.sort { ($0.since, $0.slot) < ($1.since, $1.slot) }
        return Array(holders.prefix(limit))
    }
}
