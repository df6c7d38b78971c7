extension Effect {
    /// Performs the effect on a container and returns its result; nil for effects that do not act on a container.
    package func act(with control: any DashboardControl) async -> EffectResult? {
        do { return try await self.perform(with: control) } catch { return .failed(self, "\(error)") }
    }

    private func perform(with control: any DashboardControl) async throws -> EffectResult? {
        switch self {
        case .openScope(let parent, let name):
            return .opened(try await control.openScope(in: parent, name: name), name: name, in: parent)
        case .closeScope(let scope, let force): return .closed(try await control.closeScope(scope, force: force))
        case .get(let binding, let scope): return .got(try await control.get(binding, in: scope), in: scope)
        case .checkHealth(let resource): return .checked(try await control.checkHealth(of: resource))
        case .lease(let pool): return .done(self, try await control.lease(from: pool))
        case .release: return .done(self, try await control.release())
        case .breakLease(let pool): return .done(self, try await control.breakLease(of: pool))
        case .inject(let fault, let binding):
            try await control.inject(fault, into: binding)
            return .done(self, "injected: \(fault)")
        case .allowFinding(let name):
            try await control.allowFinding(named: name)
            return .done(self, "\(name) is suppressed from now on")
        case .setLoad(let percent):
            try await control.setLoad(percent)
            return .done(self, "load set to \(percent) %")
        case .startScenario(let name):
            try await control.startScenario(name)
            return .done(self, "scenario \(name) started")
        case .write, .overwrite, .step, .seek, .setSpeed, .startRecording, .stopRecording, .saveRecent, .showProcess, .reconnect, .copy,
            .mouse, .quit, .suspend, .redraw:
            return nil
        }
    }
}
