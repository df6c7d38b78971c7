import ResourceContainer
import ResourceMonitoring

/// A state or status as the screen shows it: a glyph, a word and a role, never color alone.
package struct Mark: Sendable {
    package var glyph: Glyph
    package var word: String
    package var role: Role

    package init(_ glyph: Glyph, _ word: String, _ role: Role) {
        self.glyph = glyph
        self.word = word
        self.role = role
    }

    init(_ state: ResourceState) {
        switch state {
        case .initializing: self.init(.pending, state.label, .stateInitializing)
        case .ready: self.init(.full, state.label, .stateReady)
        case .disposing: self.init(.pending, state.label, .stateDisposing)
        case .disposed: self.init(.hollow, state.label, .stateDisposed)
        case .initFailed: self.init(.failure, state.label, .stateFailed)
        case .abandoned: self.init(.alarm, state.label, .stateFailed)
        }
    }

    /// Creates the mark of an instance's state. An instance whose dispose threw has ended, but is marked differently from a clean one.
    init(_ row: ResourceRow) {
        if row.disposeThrew, row.resource.state == .disposed {
            self.init(.failure, row.stateLabel, .stateFailed)
        } else {
            self.init(row.resource.state)
        }
    }

    package init(_ health: HealthStatus) {
        switch health {
        case .healthy: self.init(.full, health.rawValue, .healthHealthy)
        case .degraded: self.init(.warning, health.rawValue, .healthDegraded)
        case .unhealthy: self.init(.failure, health.rawValue, .healthUnhealthy)
        case .error: self.init(.failure, health.rawValue, .healthUnhealthy)
        case .unknown: self.init(.none, health.rawValue, .healthUnknown)
        }
    }

    init(_ level: EventLevel) {
        switch level {
        case .info: self.init(.none, level.label, .textDim)
        case .warn: self.init(.warning, level.label, .healthDegraded)
        case .error: self.init(.failure, level.label, .stateFailed)
        }
    }

    package func span(_ glyphs: GlyphSet) -> Span {
        Span("\(glyphs[self.glyph]) \(self.word)", self.role)
    }
}

extension EventLine {
    /// The glyph of the event.
    var glyph: Glyph {
        switch (self.what, self.level) {
        case (_, .error): .failure
        case (_, .warn): .warning
        case ("init", _): .full
        case ("disposed", _), ("closed", _): .hollow
        case ("open", _): .unfolded
        default: .none
        }
    }

    var role: Role {
        switch (self.what, self.level) {
        case (_, .error): .stateFailed
        case (_, .warn): .healthDegraded
        case ("init", _): .stateReady
        case ("disposed", _), ("closed", _), ("dispose", _), ("closing", _): .stateDisposed
        default: .text
        }
    }
}

extension Finding {
    /// The newest subject of the finding, and the number of its other subjects.
    var subjectText: String {
        self.subjectCount > 1 ? "\(self.subject.label) +\(Format.count(self.subjectCount - 1))" : self.subject.label
    }
}

extension Finding.Severity {
    /// The severity as shown on the screen.
    var word: String {
        switch self {
        case .high: "HIGH"
        case .medium: "MED"
        case .low: "LOW"
        }
    }

    var role: Role {
        switch self {
        case .high: .healthUnhealthy
        case .medium: .healthDegraded
        case .low: .healthUnknown
        }
    }

    var glyph: Glyph {
        switch self {
        case .high: .alarm
        case .medium: .warning
        case .low: .none
        }
    }
}
