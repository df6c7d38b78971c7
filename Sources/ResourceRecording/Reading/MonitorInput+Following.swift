import ResourceMonitoring

extension MonitorInput {
    /// This input merged with the snapshot before it. If this input has its own snapshot, that one is newer and is kept.
    func following(_ picture: MonitorInput) -> MonitorInput {
        var both = self
        both.batch.missed += picture.batch.missed
        if both.batch.snapshot == nil { both.batch.snapshot = picture.batch.snapshot }
        if both.samples == nil { both.samples = picture.samples }
        return both
    }
}
