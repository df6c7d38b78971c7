#if Redis
    /// The session state of a connection, derived from the commands that were sent. A pure value without descriptors or locks.
    ///
    /// Counts commands whether or not they were answered: undoing a change that the server did not make is harmless.
    struct RedisSession: Sendable {
        /// From MULTI to EXEC or DISCARD.
        private var isQueueing = false
        /// From WATCH to the end of the next transaction.
        private var isWatching = false
        private var hasSelected = false
        /// Whether the connection logged in as another user or logged out. A reset does not undo that.
        private(set) var hasChangedUser = false

        mutating func sent(_ name: String) {
            switch name {
            case "MULTI": self.isQueueing = true
            case "WATCH": self.isWatching = true
            case "UNWATCH": self.isWatching = false
            case "EXEC", "DISCARD":
                self.isQueueing = false
                self.isWatching = false
            case "SELECT": self.hasSelected = true
            case "AUTH", "RESET": self.hasChangedUser = true
            default: break
            }
        }

        /// The commands that restore the initial state, in order.
        func undoing(database: Int) -> [[String]] {
            let transaction: [[String]] = self.isQueueing ? [["DISCARD"]] : self.isWatching ? [["UNWATCH"]] : []
            return transaction + (self.hasSelected ? [["SELECT", String(database)]] : [])
        }

        /// Records that the commands of ``undoing(database:)`` were answered.
        mutating func undone() {
            self = RedisSession()
        }
    }
#endif
