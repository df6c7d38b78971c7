import ResourceContainer
import ResourceMonitoring

/// Confirmation dialogs, the teardown preview and the close report.
extension OverlayView {
    static func close(_ dialog: CloseDialog, _ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let title = "\(dialog.isForced ? "Close by force:" : "Close") scope \(dialog.name)?"
        guard let (inside, y) = Self.teardown(dialog.scope, title, state, &painter, body) else { return }
        Self.buttons(
            dialog.buttons.map { button in
                switch button {
                case .cancel: (button, "Cancel")
                case .close: (button, "Close and wait")
                case .force: (button, "Force")
                }
            },
            dialog.button,
            dialog.isForced ? "y forces, n cancels" : "y closes, n cancels",
            &painter,
            inside,
            y: y
        )
    }

    static func preview(_ scope: ScopeID, _ name: String, _ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        guard let (inside, y) = Self.teardown(scope, "If \(name) were closed now", state, &painter, body) else { return }
        painter.text("a dry run: nothing is disposed; Esc returns", x: inside.x, y: y, width: inside.width, role: .textDim)
    }

    /// Draws the preview of a teardown in a frame. Returns the frame's interior and the row below the text; nil if the scope has closed.
    private static func teardown(
        _ scope: ScopeID,
        _ title: String,
        _ state: DashboardState,
        _ painter: inout Painter,
        _ body: Rect
    ) -> (Rect, Int)? {
        guard state.picture.scopes[scope] != nil else {
            let inside = Self.frame(&painter, body, width: 60, height: 2, title)
            painter.text("It has already closed. Esc returns.", x: inside.x, y: inside.y, width: inside.width)
            return nil
        }
        let preview = TeardownPreview(scope, state.picture)
        let inner = preview.scopes.count - 1
        let listed = min(preview.steps.count, max(0, body.height - 8))
        let inside = Self.frame(&painter, body, width: 76, height: listed + 6, title)
        var y = inside.y
        painter.line(
            [
                Span("\(preview.steps.count) resource\(preview.steps.count == 1 ? "" : "s")", .title),
                Span(inner > 0 ? " and \(inner) inner scope\(inner == 1 ? "" : "s")" : ""),
                Span(preview.steps.isEmpty ? ": nothing to dispose" : " will be disposed, in this order:"),
                Span(preview.isSideBySide ? "  same number: concurrent, at most \(preview.limit)" : "", .textDim),
            ],
            x: inside.x,
            y: y,
            width: inside.width
        )
        y += 1
        for (index, step) in preview.steps.prefix(listed).enumerated() {
            let isLast = index == listed - 1 && listed < preview.steps.count
            painter.line(
                isLast
                    ? [Span("  \(painter.glyphs[.ellipsis]) \(preview.steps.count - listed + 1) more", .textDim)]
                    : [
                        Span("  \(step.stage) ", .textDim), Span("\(step.scopeName): ", .textDim), Span(step.label),
                        Span("  \(step.expected.map { "~\(Format.duration($0))" } ?? "")", .textDim),
                    ],
                x: inside.x,
                y: y,
                width: inside.width
            )
            y += 1
        }
        var remarks = [Span("expected \(preview.expected)", .textDim)]
        if !preview.initializing.isEmpty {
            remarks.append(Span("  waits for \(preview.initializing.count) initializing", .stateInitializing))
        }
        for (pool, count) in preview.leases.sorted(by: { $0.key < $1.key }) {
            remarks.append(Span("  \(painter.glyphs[.alarm]) \(count) lease\(count == 1 ? "" : "s") of \(pool) active", .healthDegraded))
        }
        painter.line(remarks, x: inside.x, y: y, width: inside.width)
        return (inside, y + 2)
    }

    static func quit(_ dialog: QuitDialog, _ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let names = state.userOpenedScopes.map { state.picture.scopeName($0) }
        let inside = Self.frame(&painter, body, width: 70, height: min(names.count, 8) + 4, "Quit?")
        painter.text(
            "\(names.count) scope\(names.count == 1 ? "" : "s") that you opened will be closed:",
            x: inside.x,
            y: inside.y,
            width: inside.width
        )
        for (index, name) in names.prefix(8).enumerated() {
            painter.text("  \(name)", x: inside.x, y: inside.y + 1 + index, width: inside.width)
        }
        let buttons: [(CloseDialog.Button, String)] = [(.cancel, "Cancel"), (.close, "Quit")]
        Self.buttons(buttons, dialog.button, "y quits, n cancels", &painter, inside, y: inside.y + inside.height - 1)
    }

    static func overwrite(_ dialog: OverwriteDialog, _ painter: inout Painter, _ body: Rect) {
        let inside = Self.frame(&painter, body, width: 70, height: 4, "Replace the file?")
        // The end of a long path identifies it better than its start.
        let room = max(1, inside.width - 9)
        let name = dialog.path.count > room ? "\(painter.glyphs[.ellipsis])\(dialog.path.suffix(room - 1))" : dialog.path
        painter.text("\(name) exists.", x: inside.x, y: inside.y, width: inside.width)
        painter.text("Its contents will be lost.", x: inside.x, y: inside.y + 1, width: inside.width)
        let buttons: [(CloseDialog.Button, String)] = [(.cancel, "Cancel"), (.close, "Replace")]
        Self.buttons(buttons, dialog.button, "y replaces, n keeps it", &painter, inside, y: inside.y + inside.height - 1)
    }

    private static func buttons(
        _ buttons: [(CloseDialog.Button, String)],
        _ focused: CloseDialog.Button,
        _ keys: String,
        _ painter: inout Painter,
        _ inside: Rect,
        y: Int
    ) {
        var x = inside.x
        for (button, label) in buttons {
            let width = painter.text(
                "[ \(label) ]",
                x: x,
                y: y,
                width: inside.x + inside.width - x,
                role: button == focused ? .title : .text
            )
            painter.mark(.button(button), isSelected: button == focused, x: x, y: y, width: width)
            x += width + 2
        }
        painter.text(keys, x: x + 1, y: y, width: inside.x + inside.width - x - 1, role: .textDim)
    }

    // MARK: Report

    static func report(_ overlay: ReportOverlay, _ painter: inout Painter, _ body: Rect) {
        let report = overlay.report
        let entries = report.allEntries
        let inside = Self.frame(
            &painter,
            body,
            width: 84,
            height: entries.count + 3,
            "Closed \(report.name)",
            trailing: "Esc closes this"
        )
        let bad = report.count(.threw) + report.count(.abandoned)
        painter.line(
            [
                Span(
                    report.isClean ? "\(painter.glyphs[.full]) clean" : "\(painter.glyphs[.failure]) \(bad) not clean",
                    report.isClean ? .stateReady : .stateFailed
                ),
                Span(
                    "   disposed \(report.count(.disposed))   threw \(report.count(.threw))   abandoned \(report.count(.abandoned))"
                        + "   never ready \(report.count(.neverInitialized))   took \(Format.duration(report.took))"
                ),
            ],
            x: inside.x,
            y: inside.y,
            width: inside.width
        )
        let columns = [
            Column("", 3, .right), Column("", 14), Column("RESOURCE", max(12, inside.width - 60)), Column("TOOK", 8, .right),
            Column("ERROR", inside.width),
        ]
        painter.header(columns, x: inside.x, y: inside.y + 1, width: inside.width)
        for (offset, entry) in entries.dropFirst(overlay.top).prefix(max(0, inside.height - 2)).enumerated() {
            let mark = Self.mark(entry.outcome)
            painter.row(
                [
                    Span("\(overlay.top + offset + 1)", .textDim), mark.span(painter.glyphs), Span("\(entry.label)\(entry.resource)"),
                    Span(Format.duration(entry.took)), Span(entry.error ?? "", .stateFailed),
                ],
                columns,
                x: inside.x,
                y: inside.y + 2 + offset,
                width: inside.width
            )
        }
        if entries.isEmpty {
            painter.text("there was nothing to dispose", x: inside.x, y: inside.y + 2, width: inside.width, role: .textDim)
        }
    }

    private static func mark(_ outcome: DisposeReport.Outcome) -> Mark {
        switch outcome {
        case .disposed: Mark(.hollow, "disposed", .stateDisposed)
        case .threw: Mark(.failure, "threw", .stateFailed)
        case .abandoned: Mark(.alarm, "abandoned", .stateFailed)
        case .neverInitialized: Mark(.none, "never ready", .textDim)
        }
    }
}
