import ResourceDashboard
import ResourceRecording

/// The destination of a result, from `--output` and `--force`. It is validated before the result is computed.
struct OutputDestination: Hashable {
    private let target: OutputTarget?
    private let isForced: Bool

    static let standardOutput = OutputDestination(target: nil, isForced: false)

    private init(target: OutputTarget?, isForced: Bool) {
        self.target = target
        self.isForced = isForced
    }

    /// Creates the destination named by `path`: standard output for nil and `-`.
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
            let what = target.kind == .disk ? "it is a disk" : "it already exists"
            throw UsageFault("--output: '\(path)' cannot be written: \(what): give --force to overwrite it, or another name")
        }
    }

    /// The path; nil for standard output.
    var path: String? { self.target?.path }

    /// Writes `text` to the destination.
    func write(_ text: String) throws(FileFault) {
        guard let target = self.target else { return try Console.show(text) }
        try target.write(Array(text.utf8), replacing: self.isForced)
    }

    /// Whether a path has a pattern for the number of a frame: `frame-%d.svg` or `frame-%04d.svg`.
    static func isNumbered(_ path: String?) -> Bool {
        path?.firstMatch(of: Self.pattern) != nil
    }

    private static var pattern: Regex<(Substring, Substring)> { #/%0?([0-9]?)d/# }

    /// `path` with a number in place of its pattern, or else before its extension: `frame.txt` becomes `frame-007.txt`.
    static func numbered(_ path: String, _ number: Int, digits: Int) -> String {
        let name = String(number)
        func padded(_ digits: Int) -> String { String(repeating: "0", count: max(0, digits - name.count)) + name }
        if let match = path.firstMatch(of: Self.pattern) {
            return path[..<match.range.lowerBound] + padded(Int(match.output.1) ?? digits) + path[match.range.upperBound...]
        }
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        guard let dot = path[slash...].lastIndex(of: "."), dot > slash else { return "\(path)-\(padded(digits))" }
        return "\(path[..<dot])-\(padded(digits))\(path[dot...])"
    }
}

extension FrameFormat {
    /// The format of a snapshot: the requested one, or the one of the file's extension. The two must not contradict each other.
    ///
    /// - Parameters:
    ///   - asked: the format of `--format` or `--json`, or nil.
    ///   - option: the option that was given, for the error.
    ///   - path: the value of `--output`.
    static func chosen(_ asked: FrameFormat?, by option: String, for path: String?) throws(UsageFault) -> FrameFormat {
        guard let path, path != "-" else { return asked ?? .text }
        switch Self.named(by: path) {
        case .nothing: return asked ?? .text
        case .format(let named):
            guard let asked, asked != named else { return named }
            throw UsageFault("--output \(path) and \(option) contradict each other: the name is for the format \(named.rawValue)")
        case .unknown(let end):
            if let asked { return asked }
            throw UsageFault("--output: no format has the extension \(end): use \(Self.knownExtensions), or give --format")
        }
    }
}
