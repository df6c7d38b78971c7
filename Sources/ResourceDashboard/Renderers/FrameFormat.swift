/// A format in which a frame can be written, chosen by the extension of the file's name.
package enum FrameFormat: String, CaseIterable, Sendable {
    case text, ansi, svg, json

    /// The file name extensions of the format, without the dot.
    package var extensions: [String] {
        switch self {
        case .text: ["txt"]
        case .ansi: ["ansi", "ans"]
        case .svg: ["svg"]
        case .json: ["json"]
        }
    }

    /// All known extensions as a list for messages: `.txt, .ansi, .ans, .svg, .json`.
    package static var knownExtensions: String {
        Self.allCases.flatMap(\.extensions).map { ".\($0)" }.joined(separator: ", ")
    }

    /// The result of looking up a file name's extension.
    package enum Named: Hashable, Sendable {
        /// The name has no extension.
        case nothing
        /// The extension of a known format.
        case format(FrameFormat)
        /// An unknown extension, with its dot.
        case unknown(String)
    }

    /// Returns the format that the extension of `path` names, ignoring case.
    package static func named(by path: String) -> Named {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        // A leading dot hides a file and does not begin an extension.
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex, name.index(after: dot) < name.endIndex else { return .nothing }
        let end = name[name.index(after: dot)...].lowercased()
        guard let format = Self.allCases.first(where: { $0.extensions.contains(end) }) else { return .unknown(".\(end)") }
        return .format(format)
    }
}

/// A frame as data: the rows as drawn, and the view model.
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
