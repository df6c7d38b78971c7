import ResourceContainer
import Testing

@testable import ResourceRecording

@Suite("The ring of a flight recorder")
struct FlightRingTests {
    private static func time(_ seconds: Int) -> TimeSource.Instant {
        TimeSource.Instant(nanoseconds: Int64(seconds) * 1_000_000_000)
    }

    private static func line(at seconds: Int, _ kind: RecordingLine.Kind = .input, length: Int = 1_000) -> FlightLine {
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: length)
        return FlightLine(RecordingLine(number: 0, time: Self.time(seconds), kind: kind, body: body).bytes, at: Self.time(seconds))
    }

    private static func ring(keeping seconds: Int, limit: Int = 1 << 20) -> FlightRing {
        FlightRing(keeping: .seconds(seconds), limit: limit, at: Self.time(0))
    }

    @Test("A line with another number keeps its time, kind, and body, and has the right checksum.")
    func numbers() throws {
        let line = RecordingLine(number: 7, time: Self.time(3), kind: .input, body: Array(#"{"events":[{"n":1,"t":2}]}"#.utf8))
        let kept = FlightLine(line.bytes, at: line.time)
        for number in [0, 7, 123_456_789] as [UInt64] {
            var other = line
            other.number = number
            #expect(kept.bytes(number: number) == other.bytes)
        }
    }

    @Test("The oldest segments are dropped once the segments after them cover the time to keep.")
    func dropsByTime() {
        var ring = Self.ring(keeping: 10)
        for second in 0..<60 {
            if second.isMultiple(of: 5) { ring.begin(Self.line(at: second, .snapshot)) }
            ring.append(Self.line(at: second))
            #expect(ring.reach >= .seconds(min(second, 10)))
            #expect(ring.reach < .seconds(15))
        }
        #expect(ring.segments.map(\.beginning) == [45, 50, 55].map(Self.time))
        #expect(ring.weight == ring.segments.reduce(0) { $0 + $1.weight })
        #expect(!ring.isShortened)
    }

    @Test("The lines never exceed the limit, and the ring is shortened until the dropped time is too old to be kept.")
    func dropsByMemory() {
        var ring = Self.ring(keeping: 60, limit: 20_000)
        for second in 0..<60 {
            let time = Self.time(second)
            if ring.isPictureDue(at: time, inRecording: false) { ring.begin(Self.line(at: second, .snapshot)) }
            ring.append(Self.line(at: second))
            #expect(ring.weight <= 20_000)
        }
        #expect(ring.isShortened)
        #expect(ring.reach < .seconds(20))
        #expect(ring.reach > .seconds(5))
        for second in 60..<180 {
            if second.isMultiple(of: 30) { ring.begin(Self.line(at: second, .snapshot)) }
            ring.append(Self.line(at: second, length: 1))
        }
        #expect(!ring.isShortened)
        #expect(ring.reach >= .seconds(60))
    }

    @Test("An input that exceeds the limit alone empties the ring, and a snapshot is due at once.")
    func largeInput() {
        var ring = Self.ring(keeping: 60, limit: 20_000)
        ring.begin(Self.line(at: 0, .snapshot))
        ring.append(Self.line(at: 1, length: 30_000))
        #expect(ring.segments.isEmpty)
        #expect(ring.weight == 0)
        #expect(ring.isShortened)
        #expect(ring.isPictureDue(at: Self.time(1), inRecording: false))
    }

    @Test("A snapshot that exceeds the limit alone is not kept, and the next one is due after a minute.")
    func largePicture() {
        var ring = Self.ring(keeping: 60, limit: 20_000)
        ring.begin(Self.line(at: 1, .snapshot, length: 30_000))
        #expect(ring.segments.isEmpty)
        #expect(ring.reach == .zero)
        ring.append(Self.line(at: 2))
        #expect(ring.weight == 0)
        #expect(!ring.isPictureDue(at: Self.time(60), inRecording: true))
        #expect(ring.isPictureDue(at: Self.time(61), inRecording: false))
        #expect(ring.emptiness.contains("more than the flight recorder's limit of 20000"))
    }

    @Test("Segments end every few seconds while snapshots are small, and seldom while they are large.")
    func pictures() {
        var ring = Self.ring(keeping: 600)
        ring.begin(Self.line(at: 0, .snapshot))
        #expect(!ring.isPictureDue(at: Self.time(5), inRecording: false))
        #expect(ring.isPictureDue(at: Self.time(6), inRecording: false))
        #expect(ring.isPictureDue(at: Self.time(1), inRecording: true))
        ring.begin(Self.line(at: 6, .snapshot, length: 200_000))
        #expect(!ring.isPictureDue(at: Self.time(60), inRecording: false))
        ring.append(Self.line(at: 60, length: 201_000))
        #expect(ring.isPictureDue(at: Self.time(60), inRecording: false))
    }

    @Test("An excerpt begins with the segment at or before the wanted beginning.")
    func beginning() throws {
        var ring = Self.ring(keeping: 600)
        for second in [0, 10, 20] {
            ring.begin(Self.line(at: second, .snapshot))
            ring.append(Self.line(at: second + 9))
        }
        // The last line is at 29 s.
        for (last, first) in [(0, 20), (9, 20), (10, 10), (19, 10), (20, 0), (29, 0), (300, 0)] {
            let begun = ring.beginExcerpt(last: .seconds(last))
            let excerpt = try #require(begun)
            #expect(excerpt.segments.first?.beginning == Self.time(first))
            #expect(excerpt.segments.last?.beginning == Self.time(20))
        }
        let whole = ring.beginExcerpt(last: nil)
        #expect(whole?.segments.count == 3)
        var empty = Self.ring(keeping: 600)
        let nothing = empty.beginExcerpt(last: nil)
        #expect(nothing == nil)
    }

    @Test("Segments that are dropped for their age count until the last excerpt has read them.")
    func excerpts() throws {
        var ring = Self.ring(keeping: 3)
        for time in 10..<14 { ring.begin(Self.line(at: time, .snapshot)) }
        let segment = ring.segments[0].weight
        let (whole, end) = (ring.beginExcerpt(last: nil), ring.beginExcerpt(last: .seconds(1)))
        let (first, second) = (try #require(whole), try #require(end))
        for time in 14..<50 { ring.begin(Self.line(at: time, .snapshot)) }
        #expect(ring.segments.count == 4)
        #expect(ring.weight == 8 * segment)
        ring.advanceExcerpt(first.id, to: 3)
        #expect(ring.weight == 6 * segment)
        ring.endExcerpt(first.id)
        #expect(ring.weight == 6 * segment)
        ring.advanceExcerpt(second.id, to: 4)
        #expect(ring.weight == 4 * segment)
        let cut = ring.takeCut()
        #expect(cut.isEmpty)
    }

    @Test("If the limit requires memory that an excerpt holds, the excerpt ends, and the ring keeps what it keeps without one.")
    func crowded() throws {
        var (ring, alone) = (Self.ring(keeping: 600, limit: 10_000), Self.ring(keeping: 600, limit: 10_000))
        for time in 10..<14 {
            ring.begin(Self.line(at: time, .snapshot))
            alone.begin(Self.line(at: time, .snapshot))
        }
        let (whole, end) = (ring.beginExcerpt(last: nil), ring.beginExcerpt(last: .seconds(1)))
        let (first, second) = (try #require(whole), try #require(end))
        for time in 14..<50 {
            ring.begin(Self.line(at: time, .snapshot))
            alone.begin(Self.line(at: time, .snapshot))
            #expect(ring.weight <= 10_000)
            #expect(ring.segments.map(\.number) == alone.segments.map(\.number))
        }
        let (cut, rest) = (ring.takeCut(), ring.takeCut())
        #expect(cut == [first.id, second.id])
        #expect(rest.isEmpty)
        #expect(!ring.isRead(by: second.id))
    }

    @Test("An excerpt of a full ring begins later, and does not end if it is read as fast as lines are added.")
    func pace() throws {
        var ring = Self.ring(keeping: 600, limit: 10_000)
        for time in 0..<40 { ring.begin(Self.line(at: time, .snapshot)) }
        let begun = ring.beginExcerpt(last: nil)
        let excerpt = try #require(begun)
        #expect(excerpt.segments.count == 7_500 / ring.segments[0].weight)
        #expect(excerpt.segments.count < ring.segments.count)
        #expect(excerpt.segments.last?.number == 39)
        for (step, segment) in excerpt.segments.enumerated() {
            ring.begin(Self.line(at: 40 + step, .snapshot))
            ring.advanceExcerpt(excerpt.id, to: segment.number + 1)
        }
        let cut = ring.takeCut()
        #expect(cut.isEmpty)
        #expect(ring.segments.count == 10_000 / ring.segments[0].weight)
    }

    @Test("Lines that are added to a segment after an excerpt began do not count for the excerpt.")
    func growingSegment() throws {
        var ring = Self.ring(keeping: 600, limit: 20_000)
        ring.begin(Self.line(at: 0, .snapshot))
        let begun = ring.beginExcerpt(last: nil)
        let excerpt = try #require(begun)
        let held = ring.weight
        for second in 1..<40 {
            ring.append(Self.line(at: second))
            #expect(ring.weight <= 20_000)
        }
        #expect(ring.segments.isEmpty)
        #expect(ring.weight == held)
        #expect(excerpt.segments.first?.lines.count == 1)
        ring.endExcerpt(excerpt.id)
        #expect(ring.weight == 0)
    }
}
