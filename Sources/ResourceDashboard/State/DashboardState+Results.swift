import ResourceContainer
import ResourceMonitoring

/// The results of effects.
extension DashboardState {
    /// Handles the result of an effect.
    mutating func take(_ result: EffectResult) {
        switch result {
        case .opened(let id, let name, let parent):
            self.pending.removeFirst { $0 == .openScope(in: parent, name: name) }
            self.userOpenedScopes.append(id)
            self.select(.scope(id))
            self.say("opened \(name ?? "a scope") in \(self.picture.scopeName(parent))")
        case .closed(let report):
            self.pending.removeFirst {
                if case .closeScope(report.scope, _) = $0 { true } else { false }
            }
            self.userOpenedScopes.removeAll { $0 == report.scope }
            self.waitingReports.append(report)
            self.showReport()
            self.say("closed \(report.name)")
            self.tell(
                report.isClean ? .info : .warn,
                "close",
                "scope \(report.name)",
                "closed from the keyboard: \(report.count(.disposed) + report.count(.threw)) disposed, \(report.count(.threw)) threw"
            )
        case .got(let resource, let scope):
            // The resource may not be in the picture yet, so the request provides its label.
            var binding: BindingID?
            self.pending.removeFirst {
                guard case .get(let asked, in: scope) = $0 else { return false }
                binding = asked
                return true
            }
            self.select(.resource(resource))
            self.say("got \(self.picture.label(of: resource, binding: binding)) in \(self.picture.scopeName(scope))")
        case .checked(let count):
            self.pending.removeFirst {
                if case .checkHealth = $0 { return true }
                return false
            }
            self.say("\(count) checked")
        case .occupied(let effect):
            self.pending.removeFirst { $0 == effect }
            self.askToReplace(effect)
        case .done(let effect, let text):
            self.pending.removeFirst { $0 == effect }
            if case .setLoad(let percent) = effect { self.load = percent }
            if case .startScenario = effect { self.load = 100 }
            if case .startRecording = effect { self.recordingPath = text }
            if case .stopRecording = effect { self.recordingPath = nil }
            self.say(text)
            if effect.isLogged { self.tell(.info, effect.verb, "-", text) }
        case .failed(let effect, let text):
            self.pending.removeFirst { $0 == effect }
            self.say(text, .error)
            // A failure of resmon is not an error of the monitored program.
            self.note(EventLine.Note(source: "resmon", level: .warn, what: "failed", who: "-", message: text))
        }
        self.refreshRows()
    }

    private mutating func tell(_ level: EventLevel, _ what: String, _ who: String, _ message: String) {
        self.note(EventLine.Note(source: "user", level: level, what: what, who: who, message: message))
    }
}

extension Array {
    /// Removes the first element that satisfies `fits`, if there is one.
    mutating func removeFirst(where fits: (Element) -> Bool) {
        if let index = self.firstIndex(where: fits) { self.remove(at: index) }
    }
}
