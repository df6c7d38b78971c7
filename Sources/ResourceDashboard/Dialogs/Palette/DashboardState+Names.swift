import ResourceContainer
import ResourceMonitoring

/// The items that the palette names: a remark about each, and the way there.
extension DashboardState {
    /// Returns the names that match a text.
    func names(matching text: String) -> [FoundName] {
        NameSearch(text, in: self.picture, newest: self.newest).names
    }

    /// Returns a remark about an item, such as its owner or the time of its end.
    func words(about name: FoundName) -> String {
        if let end = name.endedAt { return "ended at \(self.configuration.clock.time(end))" }
        switch name.destination {
        case .scope(let id):
            return self.picture.scopes[id]?.scope.parent.map { "in \(self.picture.path(of: $0))" } ?? ""
        case .resource(let id):
            return self.picture.resources[id].map { "\($0.stateLabel) in \(self.picture.scopeName($0.resource.scope))" } ?? ""
        case .pool(let id):
            let pool = self.picture.pools.first { $0.resource == id }
            return pool.map { "\($0.leased) of \($0.maximum) leased" + ($0.waiting > 0 ? ", \($0.waiting) waiting" : "") } ?? ""
        case .binding(let id):
            return self.picture.bindings[id].map { "\(Format.count($0.binding.books.active)) active" } ?? ""
        case .finding(let id):
            return self.picture.findings.first { $0.id == id }?.evidence ?? ""
        default:
            return ""
        }
    }

    /// Goes to an item. An item that has ended is shown at the last moment at which it existed. If the item is gone, nothing changes.
    mutating func go(to name: FoundName) -> CommandOutcome {
        var next = self
        next.notice = nil
        let effects: [Effect]
        if let end = name.endedAt {
            effects = next.goBack(to: name, endedAt: end)
        } else {
            effects = []
            next.go(to: name.destination)
        }
        if effects.isEmpty, let notice = next.notice, notice.level > .info { return .refused(notice.text) }
        self = next
        return .done(effects)
    }

    private mutating func goBack(to name: FoundName, endedAt end: TimeSource.Instant) -> [Effect] {
        let before = end + .nanoseconds(-1)
        let words = "\(name.name) ended at \(self.configuration.clock.time(end)); \(self.keys.key(.live)) returns to live"
        if let span = self.recorded?.span {
            // An item that did not last from one moment to the next is listed as ended in those after its end.
            let isShort = name.time.map { end - $0 < .milliseconds(500) } ?? false
            let target = max(span.lowerBound, isShort ? min(self.picture.time, end + .milliseconds(500)) : before)
            self.awaited = (name.destination, target)
            self.say(words)
            return [.seek(.to(target))]
        }
        self.go(to: .instant(before))
        if !self.picture.isLive(name.destination) {
            // The item did not last from one update to the next. The moment after its end lists it as ended.
            let after = self.timeline.moment(at: before) + 1
            if self.timeline.moments.contains(after) { self.go(to: .instant(self.timeline.time(of: after))) }
            self.showsClosed = true
        }
        self.notice = nil
        self.go(to: name.destination)
        if self.notice == nil { self.say(words) }
        return []
    }
}
