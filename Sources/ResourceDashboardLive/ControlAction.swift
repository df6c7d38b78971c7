import Foundation
import ResourceContainer
import ResourceDashboard

/// An effect on the container or on a file, and its result.
struct ControlAction: Sendable {
    private let effect: Effect
    private let control: (any DashboardControl)?

    init(_ effect: Effect, control: (any DashboardControl)?) {
        self.effect = effect
        self.control = control
    }

    /// Does it. Cancelled, it returns at once and the work goes on: closing and initialising are not to be cut short.
    func run() async -> EffectResult {
        // These take no time, and what was opened must be known, or nobody would close it.
        switch self.effect {
        case .openScope, .write: return await self.perform()
        default: break
        }
        let result = Promise<EffectResult>()
        // Not a child task: a resource may be deaf to cancellation, and the dashboard must not wait for it to quit.
        Task { result.fulfil(await self.perform()) }
        return await result.wait() ?? .failed(self.effect, "not waited for")
    }

    private func perform() async -> EffectResult {
        if case .write(let text, let path) = self.effect { return self.write(text, to: path) }
        guard let control = self.control else { return .failed(self.effect, "the dashboard can only look here") }
        do {
            switch self.effect {
            case .openScope(let parent, let name):
                return .opened(try await control.openScope(in: parent, name: name), name: name, in: parent)
            case .closeScope(let scope, let force): return .closed(try await control.closeScope(scope, force: force))
            case .get(let binding, let scope): return .got(try await control.get(binding, in: scope), in: scope)
            case .checkHealth(let resource): return .checked(try await control.checkHealth(of: resource))
            case .lease(let pool): return .done(self.effect, try await control.lease(from: pool))
            case .release: return .done(self.effect, try await control.release())
            case .breakLease(let pool): return .done(self.effect, try await control.breakLease(of: pool))
            case .inject(let fault, let binding):
                try await control.inject(fault, into: binding)
                return .done(self.effect, "injected: \(fault)")
            case .allowFinding(let name):
                try await control.allowFinding(named: name)
                return .done(self.effect, "\(name) is allowed from now on")
            case .setLoad(let percent):
                try await control.setLoad(percent)
                return .done(self.effect, "the load is \(percent) %")
            case .startScenario(let name):
                try await control.startScenario(name)
                return .done(self.effect, "this is \(name)")
            case .write, .step, .seek, .setSpeed, .startRecording, .stopRecording, .copy, .mouse, .quit, .suspend, .redraw:
                return .failed(self.effect, "not an action on a container")
            }
        } catch {
            return .failed(self.effect, "\(error)")
        }
    }

    private func write(_ text: String, to path: String) -> EffectResult {
        let expanded = NSString(string: path).expandingTildeInPath
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: expanded), options: .atomic)
            return .done(self.effect, "wrote \(path)")
        } catch {
            let reason = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.localizedDescription ?? error.localizedDescription
            return .failed(self.effect, "\(path) cannot be written: \(reason): choose another name or directory")
        }
    }
}
