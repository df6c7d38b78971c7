import ResourceContainer
import ResourceMonitoring

/// A recording to move about in: any moment of it as a picture that updates are folded into.
///
/// Opening it reads it once from end to end - one line at a time - and sets up places to come back to, so that a seek reads a small part of
/// the file only. Memory: 24 bytes for each input, and the pictures at those places, within a budget.
public struct RecordedRun<Picture: Sendable>: Sendable {
    /// How updates become a picture.
    public struct Folding: Sendable {
        var start: Picture
        var fold: @Sendable (inout Picture, MonitorUpdate) -> Void
        var weight: @Sendable (Picture) -> Int
        var isNotable: @Sendable (ResourceEvent) -> Bool

        /// - Parameters:
        ///   - start: the picture before the first update.
        ///   - fold: takes an update into a picture.
        ///   - weight: about how many bytes a kept picture takes.
        ///   - isNotable: whether an event is one that ``RecordedRun/seekNotable()`` stops at.
        public init(
            start: Picture,
            fold: @escaping @Sendable (inout Picture, MonitorUpdate) -> Void,
            weight: @escaping @Sendable (Picture) -> Int,
            isNotable: @escaping @Sendable (ResourceEvent) -> Bool
        ) {
            self.start = start
            self.fold = fold
            self.weight = weight
            self.isNotable = isNotable
        }
    }

    private struct Place: Sendable {
        var cursor: RecordingCursor
        var picture: Picture
        var weight: Int
    }

    /// How much memory the places to come back to may take, in bytes.
    public static var budget: Int { 128 << 20 }

    /// What the recording is of; nil if that line is damaged.
    public let header: RecordingHeader?
    /// What could be read, and what could not.
    public let survey: RecordingSurvey
    /// When each input is of, in order.
    private let moments: [TimeSource.Instant]
    private let notable: [TimeSource.Instant]
    private let folding: Folding
    /// In the order of the file; the first is the beginning.
    private let places: [Place]
    private var here: Place

    /// Reads a recording once.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - folding: how updates become what is kept of a moment.
    ///   - progress: is told now and then which part of the file has been read, 0...1.
    /// - Throws: ``RecordingError`` if there is nothing in it that can be shown.
    public init(path: String, folding: Folding, progress: (Double) -> Void = { _ in }) throws(RecordingError) {
        let file = try RecordingFile(path: path)
        let length = file.length
        var place = Place(cursor: RecordingCursor(file), picture: folding.start, weight: 0)
        var (places, weight, spacing) = ([place], 0, UInt64(256 << 10))
        var moments: [TimeSource.Instant] = []
        var notable: [TimeSource.Instant] = []
        var last = (place: UInt64(0), told: UInt64(0))
        while let update = try place.cursor.next() {
            folding.fold(&place.picture, update)
            moments.append(update.time)
            if let event = update.events.first(where: folding.isNotable), notable.last.map({ $0 < event.time }) ?? true {
                notable.append(update.time)
            }
            if place.cursor.offset - last.told > 4 << 20 {
                last.told = place.cursor.offset
                progress(Double(last.told) / Double(max(1, length)))
            }
            guard place.cursor.offset - last.place >= spacing else { continue }
            last.place = place.cursor.offset
            place.weight = folding.weight(place.picture) + (place.cursor.replay?.weight ?? 0)
            places.append(place)
            weight += place.weight
            while weight > Self.budget, places.count > 2 {
                // Every second one goes, and the next ones stand twice as far apart.
                places = places.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
                weight = places.reduce(0) { $0 + $1.weight }
                spacing *= 2
            }
        }
        guard !moments.isEmpty else {
            let remarks = place.cursor.survey.remarks
            throw RecordingError(
                "'\(path)' has nothing in it that can be shown" + (remarks.isEmpty ? "" : ": " + remarks.joined(separator: "; "))
            )
        }
        self.header = place.cursor.header
        self.beginning = place.cursor.beginning ?? moments[0]
        self.survey = place.cursor.survey
        self.moments = moments
        self.notable = notable
        self.folding = folding
        self.places = places
        self.here = places[0]
    }

    /// From the first moment to the last.
    public var span: ClosedRange<TimeSource.Instant> {
        (self.moments.first ?? TimeSource.Instant(nanoseconds: 0))...(self.moments.last ?? TimeSource.Instant(nanoseconds: 0))
    }

    /// When recording began; times that people give count from there.
    public let beginning: TimeSource.Instant

    /// The moment it stands at; before the first one until it is moved.
    public var time: TimeSource.Instant? { self.here.cursor.time }
    /// The picture there.
    public var picture: Picture { self.here.picture }
    /// The monitor's report there.
    public var report: MonitorReport? { self.here.cursor.replay?.report }
    /// When the next input is of; nil at the end.
    public var nextTime: TimeSource.Instant? {
        guard let now = self.time else { return self.moments.first }
        let place = self.moments.partition { $0 > now }
        return place < self.moments.count ? self.moments[place] : nil
    }

    /// Goes on by one input and returns what changed; nil at the end.
    public mutating func next() -> MonitorUpdate? {
        // What cannot be read was found when the recording was opened; a file that is changed meanwhile ends early.
        guard let update = try? self.here.cursor.next() else { return nil }
        self.folding.fold(&self.here.picture, update)
        return update
    }

    /// Goes to a moment, or to the nearest end. O(the part of the file since the nearest place before it).
    public mutating func seek(to time: TimeSource.Instant) {
        let time = min(max(time, self.span.lowerBound), self.span.upperBound)
        let place = self.places.partition { place in place.cursor.time.map { $0 > time } ?? false }
        let nearest = self.places[max(0, place - 1)]
        let stands = self.here.cursor.time.map { $0 <= time && self.here.cursor.offset >= nearest.cursor.offset } ?? false
        if !stands { self.here = nearest }
        while let next = try? self.here.cursor.nextTime(), next <= time { _ = self.next() }
        if let update = try? self.here.cursor.advance(to: time) { self.folding.fold(&self.here.picture, update) }
    }

    /// Goes on, or back, by a number of inputs.
    public mutating func seek(by count: Int) {
        let now = self.time ?? self.span.lowerBound
        // Between two inputs, one step back is to the first of them.
        let place = count < 0 ? self.moments.partition { $0 >= now } : self.moments.partition { $0 > now } - 1
        self.seek(to: self.moments[min(max(0, place + count), self.moments.count - 1)])
    }

    /// Goes to the next notable event; false if there is none.
    public mutating func seekNotable() -> Bool {
        let now = self.time ?? self.span.lowerBound
        let place = self.notable.partition { $0 > now }
        guard place < self.notable.count else { return false }
        self.seek(to: self.notable[place])
        return true
    }
}

extension Array {
    /// The first index whose element is on the far side, in an array that has those behind the others. O(log n).
    fileprivate func partition(_ isFar: (Element) -> Bool) -> Int {
        var (low, high) = (0, self.count)
        while low < high {
            let middle = (low + high) / 2
            if isFar(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
