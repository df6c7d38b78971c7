import ResourceContainer
import ResourceMonitoring
import ResourceRecording

extension RecordingHeader {
    /// The header of a recording of a feed.
    ///
    /// - Parameter started: The Unix time of the start of the program, in nanoseconds.
    init(_ header: FeedHeader, _ clock: FeedClock, started: Int64) {
        var rules = FindingRules()
        // A program that does not report uses would have every instance reported as never used.
        if !header.tellsUses { rules.unusedAfter = .nanoseconds(Int64.max) }
        let mayClose = header.may.contains(FeedHeader.close)
        let language = header.language?.asName
        let attach = AttachDescription(
            instance: (header.instance ?? "\(header.pid ?? 0) \(header.started ?? 0)").asName,
            pid: header.pid ?? 0,
            // A user that exists nowhere: commands need the statement of the program's user.
            uid: header.uid ?? UInt32.max,
            host: header.host?.asName ?? "",
            program: header.program?.asName ?? language ?? "feed",
            started: max(-(1 << 60), min(1 << 62, started)),
            may: mayClose ? [AttachDescription.watch, AttachDescription.act] : [AttachDescription.watch],
            commands: [AttachCommand.Name.watch.rawValue] + (mayClose ? [AttachCommand.Name.closeScope.rawValue] : [])
        )
        self.init(
            container: header.container.asName,
            origin: language.map { "feed of \($0)" } ?? "feed",
            clockOriginNanoseconds: clock.origin,
            clockOffsetSeconds: clock.offset,
            rules: rules,
            attach: attach
        )
    }
}
