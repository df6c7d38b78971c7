import ResourceDashboard
import ResourceRecording

/// Where a result goes, by `--output` and `--force`. Made before the result is: what cannot be written is refused before anything has been done.
struct OutputDestination: Hashable {
    private let target: OutputTarget?
    private let isForced: Bool

    static let standardOutput = OutputDestination(target: nil, isForced: false)

    private init(target: OutputTarget?, isForced: Bool) {
        self.target = target
        self.isForced = isForced
    }

    /// The place that `path` names: standard output for nil and `-`.
    init(path: String?, isForced: Bool, home: String?) throws(UsageFault) {
        guard let path else {
            self = .standardOutput
            return
        }
        do {
            let target = try OutputTarget(path, home: home)
            self.init(target: target.kind == .standardOutput ? nil : target, isForced: isForced)
        } catch {
            throw UsageFault("--output: \(error)")
        }
        if let target = self.target, target.holdsSomething, !isForced {
            let what = target.kind == .disk ? "it is a disk" : "it exists already"
            throw UsageFault("--output: '\(path)' cannot be written: \(what): give --force to write over it, or another name")
        }
    }

    /// The path, if it is none of standard output.
    var path: String? { self.target?.path }

    /// Writes `text` there.
    func write(_ text: String) throws(FileFault) {
        guard let target = self.target else { return try Console.show(text) }
        try target.write(Array(text.utf8), replacing: self.isForced)
    }

    /// `path` with a number in front of its end: `frame.svg` becomes `frame-007.svg`.
    static func numbered(_ path: String, _ number: Int, digits: Int) -> String {
        let name = String(number)
        let padded = String(repeating: "0", count: max(0, digits - name.count)) + name
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        guard let dot = path[slash...].lastIndex(of: "."), dot > slash else { return "\(path)-\(padded)" }
        return "\(path[..<dot])-\(padded)\(path[dot...])"
    }
}

extension FrameFormat {
    /// The format that a snapshot is written in: what was asked for, or what the end of the file's name says, which must not say otherwise.
    ///
    /// - Parameters:
    ///   - asked: what `--format` or `--json` says.
    ///   - option: which of the two it was.
    ///   - path: what `--output` says.
    static func chosen(_ asked: FrameFormat?, by option: String, for path: String?) throws(UsageFault) -> FrameFormat {
        guard let path, path != "-" else { return asked ?? .text }
        switch Self.named(by: path) {
        case .nothing: return asked ?? .text
        case .format(let named):
            guard let asked, asked != named else { return named }
            throw UsageFault("--output \(path) and \(option) contradict each other: the name is one of the format \(named.rawValue)")
        case .unknown(let end):
            if let asked { return asked }
            throw UsageFault("--output: no format ends in \(end): \(Self.knownExtensions) say theirs, and other names need --format")
        }
    }
}
