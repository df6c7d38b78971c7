import ResourceContainer

/// The memory for answers of a server: those of a table are received at the same time, and a server can send anything.
final class AnswerBudget: Sendable {
    /// The largest number of bytes of all answers at once. A table and the shapes of 10,000 processes have a third of it.
    static let standard = 64 << 20

    private let limit: Int
    private let used = Lock(0)

    init(_ limit: Int) {
        self.limit = limit
    }

    /// The part of one answer. It has at most half of the budget, so that one answer without an end leaves room for the others.
    final class Share: Sendable {
        private let budget: AnswerBudget
        private let taken = Lock(0)

        fileprivate init(_ budget: AnswerBudget) {
            self.budget = budget
        }

        /// Takes bytes; false if they exceed the share or the budget.
        func take(_ count: Int) -> Bool {
            let taken = self.taken.withLock { $0 }
            guard taken + count <= self.budget.limit / 2, self.budget.reserve(count) else { return false }
            self.taken.withLock { $0 += count }
            return true
        }

        /// Gives all bytes back.
        func release() {
            let taken = self.taken.withLock { taken in
                defer { taken = 0 }
                return taken
            }
            self.budget.used.withLock { $0 -= taken }
        }
    }

    /// The share of a new answer.
    func share() -> Share {
        Share(self)
    }

    /// The fault of an answer for which there is no room.
    var fault: FleetFault {
        FleetFault("the answers need more than \(self.limit >> 20) MiB: limit the processes with --match")
    }

    private func reserve(_ count: Int) -> Bool {
        self.used.withLock { used in
            guard used + count <= self.limit else { return false }
            used += count
            return true
        }
    }
}
