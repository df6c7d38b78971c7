/// The names of the fields and the kinds of events in a recording. They never change.
enum RecordedEvent {
    /// The names of the fields.
    enum Key: String, CaseIterable {
        case sequence = "n"
        case time = "t"
        case scope = "s"
        case resource = "r"
        case binding = "b"
        case kind = "k"
        case took, lived, budget, waited, held, after, order, needs, text, phase, file, line, from, to, fault, disposed, threw, abandoned
        case live
        /// How the body of a scope ended, and the type of the error that it threw. The error's text is `text`.
        case outcome, type
        case name, tag, parent, row, left
        /// The number of resources of a scope that may be disposed concurrently.
        case limit
        /// The bindings of the values that a scope provides.
        case values
        case target = "in"
        /// The distributed trace of a scope.
        case trace
    }

    /// The kinds of events by their names in the file.
    enum Kind: String, CaseIterable {
        case bound, opened, closing, hurried, closed, ready, failed, needs, disposing, disposed, threw, abandoned, late,
            noted, error
        case initializing = "initialising"
        case leaseSlow = "lease-slow"
        case leaseTimedOut = "lease-timed-out"
        case leaseExhausted = "lease-exhausted"
        case leaseReentrant = "lease-reentrant"
        case leaseLost = "lease-lost"
        case leaseRecovered = "lease-recovered"
        case health
        case fellBack = "fell-back"
        case leakSuspected = "leak-suspected"
        case leakWithdrawn = "leak-withdrawn"
        case fault
        case rebound
        case droppedOpen = "dropped-open"
    }
}
