import ResourceContainer

/// One event line in full, below the list.
struct SelectedEventPane {
    let line: EventLine
    /// Whether the line is still stored.
    var isStored = true

    /// Returns the labeled texts. The message is wrapped.
    func texts(_ clock: WallClock) -> [LabeledText] {
        let origin = "\(clock.preciseTime(self.line.time)), number \(self.line.sequence), reported by \(self.line.source)"
        return [
            LabeledText("time", origin + (self.isStored ? "" : ", no longer stored"), .textDim),
            LabeledText("event", "\(self.line.level.label), \(self.line.what)", self.line.role),
            LabeledText("subject", self.line.resource == nil ? self.line.who : "\(self.line.who) in \(self.line.scope)"),
            LabeledText("message", self.line.message, self.line.level == .error ? .stateFailed : .text),
        ]
    }
}
