import ResourceContainer
import ResourceMonitoring

/// A health picture as stored in the timeline: its differences from another picture of the same sample.
///
/// Health is sampled once a second. Between samples, only resources are added and removed, so all pictures of a sample share the rows of
/// its first picture.
struct PackedHealth: Sendable {
    /// The first picture of the sample.
    private let sample: HealthPicture
    /// The picture without its rows.
    private let whole: HealthPicture
    /// The resources removed since the first picture, and the rows added.
    private let gone: Set<ResourceID>
    private let came: [HealthRow]
    /// The approximate memory that the picture takes in addition to the previous one, in bytes.
    let weight: Int

    init(_ picture: HealthPicture, after last: PackedHealth?) {
        var whole = picture
        whole.rows = []
        self.whole = whole
        if let last, let (gone, came) = Self.difference(picture, last.sample) {
            (self.sample, self.gone, self.came) = (last.sample, gone, came)
            self.weight = MemoryLayout<HealthPicture>.stride + gone.count * 16 + came.count * Weight.healthRow
            return
        }
        (self.sample, self.gone, self.came) = (picture, [], [])
        let before = Dictionary((last?.sample.rows ?? []).map { ($0.resource, $0.history) }, uniquingKeysWith: { first, _ in first })
        self.weight = picture.rows.reduce(MemoryLayout<HealthPicture>.stride) { sum, row in
            sum + Weight.healthRow + (before[row.resource] == row.history ? 0 : row.history.count * Weight.healthResult)
        }
    }

    /// The picture.
    var unpacked: HealthPicture {
        var picture = self.whole
        picture.rows = self.sample.rows
        if !self.gone.isEmpty { picture.rows.removeAll { self.gone.contains($0.resource) } }
        if !self.came.isEmpty { picture.rows = (picture.rows + self.came).sorted { $0.resource < $1.resource } }
        return picture
    }

    /// Returns the differences of `picture` from the first picture of its sample; nil if they are of different samples. O(rows).
    private static func difference(_ picture: HealthPicture, _ sample: HealthPicture) -> (gone: Set<ResourceID>, came: [HealthRow])? {
        guard picture.time == sample.time else { return nil }
        let known = Dictionary(uniqueKeysWithValues: sample.rows.map { ($0.resource, $0) })
        var gone = Set(known.keys)
        var came: [HealthRow] = []
        for row in picture.rows {
            guard let before = known[row.resource] else {
                came.append(row)
                continue
            }
            guard before == row else { return nil }
            gone.remove(row.resource)
        }
        return (gone, came)
    }
}
