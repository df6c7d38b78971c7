import Dispatch
import ResourceContainer
import ResourceDashboard
import ResourceRecording

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
        // These take no time, or a few seconds for a pipe that is not read, and what was opened or written must be known.
        switch self.effect {
        case .openScope, .write, .overwrite: return await self.perform()
        default: break
        }
        let result = Promise<EffectResult>()
        // Not a child task: a resource may be deaf to cancellation, and the dashboard must not wait for it to quit.
        Task { result.fulfil(await self.perform()) }
        return await result.wait() ?? .failed(self.effect, "not waited for")
    }

    private func perform() async -> EffectResult {
        switch self.effect {
        case .write(let text, let path): return await self.write(text, to: path, replacing: false)
        case .overwrite(let text, let path): return await self.write(text, to: path, replacing: true)
        default: break
        }
        guard let control = self.control else { return .failed(self.effect, "the dashboard can only look here") }
        return await self.effect.act(with: control) ?? .failed(self.effect, "not an action on a container")
    }

    private func write(_ text: String, to path: String, replacing: Bool) async -> EffectResult {
        if path == "-" { return .failed(self.effect, "standard output has the screen on it: give the name of a file") }
        let outcome: Result<Void, FileFault> = await withCheckedContinuation { continuation in
            // Not a thread that tasks run on: a disk or the reader of a pipe may be slow.
            DispatchQueue.global().async {
                continuation.resume(
                    returning: Result { () throws(FileFault) in try OutputTarget(path).write(Array(text.utf8), replacing: replacing) }
                )
            }
        }
        switch outcome {
        case .success: return .done(self.effect, "wrote \(path)")
        case .failure(let fault) where fault.kind == .exists && !replacing: return .occupied(self.effect)
        case .failure(let fault): return .failed(self.effect, "\(fault.what): \(fault.reason): choose another name or directory")
        }
    }
}
