import LocalSockets
import ResourceContainer
import ResourceMonitoring

/// The loading of a past on a separate thread, beside the connection of its ``AttachLink``.
struct PastLoad: Sendable {
    /// Ends a wait of the thread.
    let wake: WakePipe
    /// Fulfilled at the end of the thread.
    let end: Promise<Void>
}

extension AttachLink {
    /// Begins to load the past that the server keeps, unless it was begun before. Does nothing without figures, and while the connection is
    /// not live: a later call can load it.
    func loadPast() {
        guard self.loadsPast, self.state.withLock({ $0.pastLoad == nil }), let wake = try? WakePipe() else { return }
        let load = PastLoad(wake: wake, end: Promise())
        var request: (instance: String, reach: Duration, last: AttachedPast.End)?
        self.change { state in
            guard state.pastLoad == nil, !state.isStopped, case .live = state.process.phase, let instance = state.process.instance,
                let reach = state.figures.reach, reach > .zero, let last = state.figures.requestPast()
            else { return }
            state.pastLoad = load
            request = (instance, reach, last)
        }
        guard let (instance, reach, last) = request else { return }
        let loader = PastLoader(endpoint: self.endpoint, instance: instance, time: self.time)
        let isRunning = LibraryThread.start(.attach) {
            let past = loader.load(reach: reach, until: last, wake: wake) { self.isStopped }
            self.change { $0.figures.load(past) }
            load.end.fulfill(())
        }
        if isRunning { return }
        self.change { $0.figures.load([]) }
        load.end.fulfill(())
    }

    /// Waits until the past is loaded, or until an instant, and removes and returns it; empty if it is not loaded then. It is before the next
    /// update.
    func past(until moment: TimeSource.Instant) async -> [MonitorUpdate] {
        self.loadPast()
        if let end = self.state.withLock({ $0.pastLoad?.end }) { await self.wait(for: end, until: moment) }
        return self.withFigures { $0.takePast() }
    }
}
