import ResourceContainer
import ResourceMonitoring

/// The spans of time without data, in figures over time: their values are unknown and not those from before.
extension [TimeGap] {
    /// Whether an instant is inside a gap. Its ends have data.
    func cover(_ instant: TimeSource.Instant) -> Bool {
        self.contains { $0.from < instant && instant < $0.to }
    }

    /// Whether there are no data of a second of the container's time: it is inside a gap with its middle.
    func cover(_ point: HistoryPoint) -> Bool {
        guard !self.isEmpty else { return false }
        return self.cover(TimeSource.Instant(nanoseconds: 0) + .seconds(point.second) + .milliseconds(500))
    }
}

extension Picture {
    /// Returns the samples of the last minute, oldest first; nil for a sample inside a gap, which repeats the one before.
    func samples(without gaps: [TimeGap]) -> [Sample?] {
        guard let last = self.samples.last, !gaps.isEmpty else { return self.samples.map { Optional($0) } }
        let end = Self.slot(of: last.time)
        return self.samples.enumerated().map { index, sample in
            let slot = end - Int64(self.samples.count - 1 - index)
            let isRepeated = Self.slot(of: sample.time) != slot
            return isRepeated && gaps.cover(TimeSource.Instant(nanoseconds: slot * Self.sampleInterval)) ? nil : sample
        }
    }
}
