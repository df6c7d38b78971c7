import Dispatch
import ResourceContainer
import ResourceDashboard
import ResourceRecording

/// An operation on the container or on a file that the user requested, and its result.
struct ControlAction: Sendable {
    private let effect: Effect
    private let control: (any DashboardControl)?
    private let source: (any DashboardSource)?

    /// Creates an operation with the control of the container and, for one that saves the past, the source that has it.
    init(_ effect: Effect, control: (any DashboardControl)?, source: (any DashboardSource)? = nil) {
        self.effect = effect
        self.control = control
        self.source = source
    }

    /// Performs the operation. If the task is canceled, this returns at once and the operation continues: a close or an initialization must
    /// not be interrupted.
    func run() async -> EffectResult {
        // These end quickly (a few seconds for a pipe without a reader), and their outcome must be known.
        switch self.effect {
        case .openScope, .write, .overwrite: return await self.perform()
        default: break
        }
        let result = Promise<EffectResult>()
        // Not a child task: a resource may ignore cancellation, and quitting must not wait for it.
        Task { result.fulfill(await self.perform()) }
        return await result.wait() ?? .failed(self.effect, "canceled before it finished")
    }

    private func perform() async -> EffectResult {
        switch self.effect {
        case .write(let text, let path): return await self.write(text, to: path, replacing: false)
        case .overwrite(let text, let path): return await self.write(text, to: path, replacing: true)
        case .saveRecent(let last, let path): return await self.save(last, to: path)
        default: break
        }
        guard let control = self.control else { return .failed(self.effect, "this dashboard is read-only") }
        return await self.effect.act(with: control) ?? .failed(self.effect, "not an action on a container")
    }

    private func save(_ last: Duration, to path: String) async -> EffectResult {
        guard let source = self.source else { return .failed(self.effect, "this source keeps no past") }
        if path == "-" { return .failed(self.effect, "standard output shows the dashboard: give the name of a file") }
        do {
            return .done(self.effect, try await source.saveRecent(last, to: try RecordingPath.path(path, prefix: "past")))
        } catch {
            return .failed(self.effect, "\(error)")
        }
    }

    private func write(_ text: String, to path: String, replacing: Bool) async -> EffectResult {
        if path == "-" { return .failed(self.effect, "standard output shows the dashboard: give the name of a file") }
        let outcome: Result<Void, FileFault> = await withCheckedContinuation { continuation in
            // Not on the cooperative thread pool: a disk or the reader of a pipe may be slow.
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
