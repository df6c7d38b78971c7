import ResourceContainer

/// The rule for books that do not balance.
extension FindingsLedger {
    /// Checks that the container's books and every binding's books balance, and that the bindings add up to the container.
    mutating func judgeBooks(of picture: MonitorLedger, at time: TimeSource.Instant) {
        var sum = Books()
        var fault: String?
        for figures in picture.bindings {
            let books = figures.row.binding.books
            if !books.isBalanced { fault = fault ?? "\(figures.row.binding.label): \(books.summary)" }
            sum += books
        }
        if !picture.books.isBalanced { fault = "the container: \(picture.books.summary)" }
        if fault == nil, sum != picture.books {
            fault = "the bindings add up to \(sum.summary), but the container counts \(picture.books.summary)"
        }
        self.judge(fault == nil, fault ?? "", Finding.Subject(label: picture.container), at: time)
    }

    /// Compares the books folded from events with the container's own books.
    mutating func judge(_ books: Books, sequence: UInt64, at time: TimeSource.Instant, in picture: MonitorLedger) {
        guard sequence == picture.sequence else { return }
        let subject = Finding.Subject(label: picture.container, scope: .root)
        // Containers of version 0.1 reported failed acquisitions as events, but did not count them as errors.
        var uncounted = books
        uncounted.errors.addSaturated(picture.leaseErrors)
        self.judge(
            books == picture.books || uncounted == picture.books,
            "the events add up to \(picture.books.summary), but the container counts \(books.summary)",
            subject,
            at: time
        )
    }

    /// Raises a finding for a mismatch. It is never withdrawn: later agreement does not repair an earlier mismatch.
    mutating func judge(_ isRight: Bool, _ evidence: @autoclosure () -> String, _ subject: Finding.Subject, at time: TimeSource.Instant) {
        if isRight { return }
        let key = FindingTable.Key(kind: .booksUnbalanced, scope: subject.scope, resource: subject.resource)
        self.raise(
            key,
            .high,
            subject,
            evidence(),
            location: nil,
            advice: "This is a bug in resmon: please report it, and describe what the program did.",
            again: self.table.stands(key) ? 0 : 1,
            at: time
        )
    }
}

extension Books {
    fileprivate var summary: String {
        "\(self.created) created, \(self.initializing) initializing, \(self.ready) ready, \(self.disposing) disposing, \(self.disposed) disposed, "
            + "\(self.initFailed) failed, \(self.abandoned) abandoned, \(self.errors) errors"
    }
}
