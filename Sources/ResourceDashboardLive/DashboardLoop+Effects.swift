import CursesTerminal
import ResourceContainer
import ResourceDashboard
import ResourceRecording

/// The effects that the state of a process requests of a loop.
extension DashboardLoop {
    /// Performs an effect that the state of a process requested.
    mutating func perform(_ effect: Effect, on process: ProcessID, in group: inout TaskGroup<Arrival>) async {
        guard let source = self.feeds[process]?.source else { return }
        switch effect {
        case .quit: self.end(.quit)
        case .suspend: await self.terminal.suspend()
        case .redraw: await self.terminal.redraw()
        case .mouse(let isOn): await self.terminal.setMouse(isOn)
        case .copy(let text): await self.terminal.copy(text)
        case .step: self.feeds[process]?.progress.step()
        case .setSpeed(let factor): source.player?.setSpeed(factor)
        case .seek(let seek):
            guard let player = source.player else { break }
            self.feeds[process]?.progress.seek()
            await self.show(await player.seek(seek), of: player, in: &group)
        case .showProcess(let next, let view): await self.show(next, in: view, in: &group)
        case .reconnect(let other): self.source.processes?.reconnectNow(other)
        case .startRecording(let path): await self.startRecording(effect, path, of: process, in: &group)
        case .stopRecording:
            guard let recorder = self.feeds[process]?.recorder else {
                await self.send(.finished(.failed(effect, "nothing is being recorded")), to: process, in: &group)
                break
            }
            recorder.stop()
        case .saveRecent, .write, .overwrite: self.start(effect, on: process, source, in: &group)
        // Findings of an attached process are suppressed in this program only.
        case .allowFinding where self.isAttached: self.start(effect, on: process, source, in: &group)
        case .openScope, .closeScope, .get, .checkHealth, .lease, .release, .inject, .breakLease, .allowFinding, .setLoad, .startScenario:
            self.feeds[process]?.hasActed = true
            self.start(effect, on: process, source, in: &group)
        }
    }

    private func start(
        _ effect: Effect,
        on process: ProcessID,
        _ source: any DashboardSource,
        in group: inout TaskGroup<Arrival>
    ) {
        let action = ControlAction(effect, control: source.control, source: source)
        group.addTask { .effect(process, await action.run()) }
    }

    private mutating func startRecording(
        _ effect: Effect,
        _ path: String,
        of process: ProcessID,
        in group: inout TaskGroup<Arrival>
    ) async {
        guard path != "-", let source = self.feeds[process]?.source else {
            let reason = "standard output shows the dashboard: give the name of a file"
            return await self.send(.finished(.failed(effect, reason)), to: process, in: &group)
        }
        do {
            let recorder = try source.recorder(to: try RecordingPath.path(path), clock: self.deck.state.configuration.clock)
            self.feeds[process]?.recorder = recorder
            group.addTask {
                do throws(RecordingError) {
                    try await recorder.run()
                    return .effect(process, .done(.stopRecording, "recorded \(Format.bytes(recorder.length)) to \(recorder.path)"))
                } catch {
                    return .effect(process, .failed(.stopRecording, "\(error)"))
                }
            }
            await self.send(.finished(.done(effect, "recording to \(recorder.path)")), to: process, in: &group)
        } catch {
            if let error = error as? RecordingError, error.isCutOff { self.cutOff.append(error.description) }
            await self.send(.finished(.failed(effect, "\(error)")), to: process, in: &group)
        }
    }

    /// Keeps the outcome of a recording, and the scopes that are open after an effect.
    mutating func note(_ result: EffectResult, of process: ProcessID) {
        switch result {
        case .done(.stopRecording, let text): self.recorded.append(text)
        case .failed(.stopRecording, let text): self.cutOff.append(text)
        default: break
        }
        self.feeds[process]?.note(result)
    }
}
