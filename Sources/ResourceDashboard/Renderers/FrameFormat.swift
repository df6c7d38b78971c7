/// What a frame can be written as, and the ends of file names that say so.
package enum FrameFormat: String, CaseIterable, Sendable {
    case text, ansi, svg, json

    /// The ends of the names of such files, without the dot.
    package var extensions: [String] {
        switch self {
        case .text: ["txt"]
        case .ansi: ["ansi", "ans"]
        case .svg: ["svg"]
        case .json: ["json"]
        }
    }

    /// All ends that say a format, for a sentence: `.txt, .ansi, .ans, .svg, .json`.
    package static var knownExtensions: String {
        Self.allCases.flatMap(\.extensions).map { ".\($0)" }.joined(separator: ", ")
    }

    /// What the end of a file's name says of its format.
    package enum Named: Hashable, Sendable {
        /// The name has no end.
        case nothing
        case format(FrameFormat)
        /// An end that says nothing known, with its dot.
        case unknown(String)
    }

    /// What the end of the last part of `path` says; whether it is written in capitals does not matter.
    package static func named(by path: String) -> Named {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        // A dot in front makes a file hidden and says nothing of what is in it.
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex, name.index(after: dot) < name.endIndex else { return .nothing }
        let end = name[name.index(after: dot)...].lowercased()
        guard let format = Self.allCases.first(where: { $0.extensions.contains(end) }) else { return .unknown(".\(end)") }
        return .format(format)
    }
}

/// A frame as data: what is drawn, row by row, and what the view shows.
struct FrameDocument: Encodable {
    let width: Int
    let height: Int
    let rows: [String]
    let view: ViewModel

    init(_ state: DashboardState) {
        let canvas = state.render()
        self.width = canvas.size.width
        self.height = canvas.size.height
        self.rows = TextRenderer.render(canvas).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        self.view = state.viewModel()
    }
}
