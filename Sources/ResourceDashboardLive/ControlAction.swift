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
        return await self.effect.act(with: control) ?? .failed(self.effect, "not an action on a container")
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
