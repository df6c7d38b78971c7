/// A renderer that writes frames as one animated SVG image, which needs neither scripts nor other files. The same frames give the same bytes.
///
/// An element that consecutive frames have in common is written once, with the interval in which it is visible. Where CSS animations are not
/// supported, or motion is not wanted, the image shows the last frame.
package enum SVGAnimation {
    /// The frames in which an element is visible.
    private struct Interval: Hashable, Comparable {
        var start: Int
        var end: Int

        static func < (left: Interval, right: Interval) -> Bool {
            (left.start, left.end) < (right.start, right.end)
        }
    }

    /// Elements in the order in which they first occur, with the intervals in which they are visible.
    private struct Track {
        private var order: [String] = []
        private var intervals: [String: [Interval]] = [:]

        /// Adds the elements of a frame.
        mutating func add(_ elements: [String], frame: Int) {
            for element in elements {
                guard let known = self.intervals[element], let last = known.last else {
                    self.order.append(element)
                    self.intervals[element] = [Interval(start: frame, end: frame + 1)]
                    continue
                }
                if last.end == frame {
                    self.intervals[element]?[known.count - 1].end = frame + 1
                } else if last.end < frame {
                    self.intervals[element]?.append(Interval(start: frame, end: frame + 1))
                }
            }
        }

        /// Returns the elements of each interval.
        var byInterval: [Interval: [String]] {
            var result: [Interval: [String]] = [:]
            for element in self.order {
                for interval in self.intervals[element] ?? [] { result[interval, default: []].append(element) }
            }
            return result
        }
    }

    /// Returns the animated image of `frames`, which repeats. After the last frame, it pauses for the time of four frames.
    ///
    /// - Parameters:
    ///   - frames: The frames, all of the size of the first.
    ///   - interval: The time for which each frame is shown.
    ///   - theme: The theme that defines the terminal's default colors.
    ///   - title: The accessible name of the image.
    package static func render(_ frames: [Canvas], interval: Duration, theme: Theme, title: String) -> String {
        guard let size = frames.first?.size else { return "" }
        let ground = SVGPalette(theme)
        var (backgrounds, foregrounds) = (Track(), Track())
        for (index, canvas) in frames.enumerated() {
            var drawing = SVGDrawing(ground: ground, isCompact: true)
            for y in 0..<canvas.size.height { drawing.add(row: Array(canvas.row(y)), y: y) }
            backgrounds.add(drawing.backgrounds, frame: index)
            foregrounds.add(drawing.foregrounds, frame: index)
        }
        let slots = frames.count + 4
        let seconds = Double(slots) * (interval / .seconds(1))
        let whole = Interval(start: 0, end: frames.count)
        let (below, above) = (backgrounds.byInterval, foregrounds.byInterval)
        let moving = Set(below.keys).union(above.keys).subtracting([whole]).sorted()
        let names = Dictionary(uniqueKeysWithValues: moving.enumerated().map { ($1, "k\($0)") })
        let animations = moving.map { Self.animation($0, names[$0] ?? "", frames: frames.count, slots: slots) }.joined()
        let dots = ".d{fill:none;stroke-width:3;stroke-dasharray:3 2}"
        let style =
            frames.count < 2
            ? dots
            : dots + "g{animation-duration:\(Self.decimal(seconds))s;animation-iteration-count:infinite;animation-timing-function:step-end}"
                + animations + "@media (prefers-reduced-motion:reduce){g{animation-name:none!important}}"
        func group(_ elements: [Interval: [String]]) -> String {
            (elements[whole] ?? []).joined()
                + moving.compactMap { interval in
                    elements[interval].map { "<g class=\"\(names[interval] ?? "")\">\n\($0.joined())</g>\n" }
                }.joined()
        }
        return SVGRenderer.document(size, ground, title: title, style: style, body: group(below) + group(above))
    }

    /// Returns the rules that show the elements of a class in an interval.
    private static func animation(_ interval: Interval, _ name: String, frames: Int, slots: Int) -> String {
        func percent(_ frame: Int) -> String { Self.decimal(Double(frame) * 100 / Double(slots)) + "%" }
        let isLast = interval.end == frames
        let hidden = "{visibility:hidden}"
        let steps =
            (interval.start > 0 ? "0%\(hidden)" : "") + "\(percent(interval.start)){visibility:visible}"
            + (isLast ? "" : "\(percent(interval.end))\(hidden)")
        return ".\(name){animation-name:\(name)\(isLast ? "" : ";visibility:hidden")}@keyframes \(name){\(steps)}"
    }

    /// Returns a number with at most two decimal places.
    private static func decimal(_ value: Double) -> String {
        var text = Format.decimal(value, digits: 2)
        while text.contains("."), let last = text.last, last == "0" || last == "." {
            text.removeLast()
            if last == "." { break }
        }
        return text
    }
}
