import ResourceMonitoring

/// A sentence about what needs attention in a process.
struct ProcessAttention: Identifiable, Sendable {
    struct ID: Hashable, Sendable {
        var process: ProcessID
        var text: String
    }

    var id: ID
    var name: String
    var severity: Finding.Severity
    /// The state of the connection if the sentence is about figures that are not current; nil for current ones.
    var state: String?

    /// Returns the sentences of all processes that run: the most severe first, and those of one severity in the order of the processes.
    static func all(in processes: [ProcessRow], _ clock: WallClock) -> [ProcessAttention] {
        let sentences = processes.filter { !$0.status.hasEnded }.flatMap { row -> [ProcessAttention] in
            var known: Set<String> = []
            let state = row.status.isLive ? nil : Mark(row.status, row.clock ?? clock).word
            return row.attention.filter { known.insert($0.text).inserted }.map { line in
                ProcessAttention(id: ID(process: row.id, text: line.text), name: row.name, severity: line.severity, state: state)
            }
        }
        return Finding.Severity.allCases.sorted(by: >).flatMap { severity in sentences.filter { $0.severity == severity } }
    }

    /// The sentence. One about figures that are not current has the state of the connection.
    var text: String {
        self.state.map { "\(self.id.text) (last seen; \($0))" } ?? self.id.text
    }

    /// The role of the text. Figures that are not current are dim, as they are in the views of the process.
    var role: Role {
        self.state == nil ? .text : .textDim
    }

    func sentence(_ glyphs: GlyphSet) -> Sentence {
        Sentence(
            glyph: Span(glyphs[self.severity.glyph], self.state == nil ? self.severity.role : .textDim),
            head: [Span(self.id.process.text, self.role), Span(self.name, .textDim)],
            text: self.text,
            role: self.role
        )
    }
}
