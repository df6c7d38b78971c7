import ResourceContainer
import ResourceDashboard

/// An effect on the container, and its result.
struct ControlAction: Sendable {
    private let effect: Effect
    private let control: (any DashboardControl)?

    init(_ effect: Effect, control: (any DashboardControl)?) {
        self.effect = effect
        self.control = control
    }

    /// Does it. Cancelled, it returns at once and the work goes on: closing and initialising are not to be cut short.
    func run() async -> EffectResult {
        // Opening takes no time, and what was opened must be known, or nobody would close it.
        if case .openScope = self.effect { return await self.perform() }
        let result = Promise<EffectResult>()
        // Not a child task: a resource may be deaf to cancellation, and the dashboard must not wait for it to quit.
        Task { result.fulfil(await self.perform()) }
        return await result.wait() ?? .failed(self.effect, "not waited for")
    }

    private func perform() async -> EffectResult {
        guard let control = self.control else { return .failed(self.effect, "the dashboard can only look here") }
        do {
            switch self.effect {
            case .openScope(let parent, let name):
                return .opened(try await control.openScope(in: parent, name: name), name: name, in: parent)
            case .closeScope(let scope): return .closed(try await control.closeScope(scope))
            case .get(let binding, let scope): return .got(try await control.get(binding, in: scope), in: scope)
            case .checkHealth(let resource): return .checked(try await control.checkHealth(of: resource))
            case .quit, .suspend, .redraw: return .failed(self.effect, "not an action on a container")
            }
        } catch {
            return .failed(self.effect, "\(error)")
        }
    }
}
