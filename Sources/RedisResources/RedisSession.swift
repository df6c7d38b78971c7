#if Redis
    /// What the commands so far have made of a connection. A pure value: no descriptor, no lock.
    ///
    /// Goes by what was sent, whether it was answered or not: to undo what the server did not do does no harm.
    struct RedisSession: Sendable {
        /// From MULTI to EXEC or DISCARD.
        private var isQueueing = false
        /// From WATCH to the end of the next transaction.
        private var isWatching = false
        private var hasSelected = false
        /// Whether it is logged in as somebody else now, or not at all. That is not undone.
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

        /// The commands that make the connection what it was, in their order.
        func undoing(database: Int) -> [[String]] {
            let transaction: [[String]] = self.isQueueing ? [["DISCARD"]] : self.isWatching ? [["UNWATCH"]] : []
            return transaction + (self.hasSelected ? [["SELECT", String(database)]] : [])
        }

        /// The commands of ``undoing(database:)`` were answered.
        mutating func undone() {
            self = RedisSession()
        }
    }
#endif
