import ResourceContainer
import ResourceMonitoring

/// The open scopes, one row for each group of names.
extension OverviewScreen {
    func drawScopes(_ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        let title = self.groupTitle(.scopes, count: context.picture.scopes.count)
        let inside = self.frame(.scopes, title, trailing: "by name", &painter, rect)
        guard context.showsEnded, inside.height >= 3 else { return self.drawRows(of: .scopes, context, &painter, inside) }
        let parts = inside.rows([.flexible(2), .fixed(1)])
        if let table = parts[0] { self.drawRows(of: .scopes, context, &painter, table) }
        guard let last = parts[1]?.padded() else { return }
        let forms = Self.closedForms(context.picture)
        let text = forms.first { DisplayText.width(of: $0) <= last.width } ?? forms[forms.count - 1]
        painter.text(text, x: last.x, y: last.y, width: last.width, role: .textDim)
    }

    /// Returns a line about the closed scopes, from its longest form to its shortest: their number, and figures of those that are stored.
    private static func closedForms(_ picture: Picture) -> [String] {
        let stored = picture.closedScopes
        let total = max(picture.totals.closedScopes, stored.count)
        guard total > 0 else { return ["none closed"] }
        let threw = picture.totals.outcomes.threw
        let closed = "\(Format.count(total)) closed\(threw > 0 ? ", \(Format.count(threw)) threw" : "")"
        guard let p95 = ScopeGroup.p95(stored.map { ($0.closedAt ?? picture.time) - $0.scope.openedAt }) else { return [closed] }
        let span = "p95 open \(Format.duration(p95))"
        let failed = stored.count { $0.failedDisposes > 0 }
        let failures = failed > 0 ? "\(Format.count(failed)) with failed disposes, " : ""
        let newest = stored.count == total ? "" : "the newest \(Format.count(stored.count)): "
        let full = "\(closed); \(newest)\(failures)\(span)"
        // Failures are shown with the number of the stored scopes only, because they would look like those of all closed scopes.
        return newest.isEmpty ? [full, "\(closed), \(span)", closed] : [full, "\(closed); \(newest)\(span)", "\(closed), \(span)", closed]
    }

    func scopeTable(_ context: ScreenContext, _ glyphs: GlyphSet) -> Table {
        let columns = [
            TableColumn("SCOPE", "the scope, or the common name of several", .content(minimum: 8)),
            TableColumn("OPEN", "the number of open scopes", alignment: .right),
            TableColumn("OPENED", "the number of scopes opened per second, over ten seconds", alignment: .right, priority: 1),
            TableColumn(
                "p95",
                "the time for which 95 of 100 scopes that closed recently were open at most",
                alignment: .right,
                priority: 2
            ),
            TableColumn("THREW", "the number of scopes that closed recently and whose body threw", alignment: .right, priority: 3),
            TableColumn("ERRORS", "the number of errors in the open scopes", alignment: .right, priority: 4),
            TableColumn("ACTIVE", "the number of active resources in the open scopes", alignment: .right, priority: 5),
            TableColumn("OLDEST", "the age of the oldest open scope", alignment: .right, priority: 6),
            TableColumn("OPENED AT", "the source location that opened the newest scope", .flexible(minimum: 22), priority: 7),
        ]
        return Table(columns, count: self.scopes.count, empty: "no scope is open") { index in
            let group = self.scopes.rows[index]
            let rate = group.rate.map { "\(Format.rate($0))/s" } ?? glyphs[.dash]
            return [
                .text(group.name, group.open == 0 ? .textDim : .text), .text(Format.count(group.open), group.open == 0 ? .textDim : .text),
                .text(rate, group.rate.map { $0 > 0 } ?? false ? .text : .textDim),
                .text(group.p95.map { Format.duration($0) } ?? glyphs[.dash], .textDim),
                .text(Format.count(group.threw), group.threw > 0 ? .stateFailed : .textDim),
                .text(Format.count(group.errors), group.errors > 0 ? .healthDegraded : .textDim),
                .text(Format.count(group.active), group.active > 0 ? .text : .textDim),
                .text(group.oldest.map { Format.age(context.picture.time - $0) } ?? glyphs[.dash], .textDim),
                .location({ "\(group.location)" }, .textDim),
            ]
        }
    }
}

extension Filter {
    /// Whether a group of scopes passes.
    func passes(group: ScopeGroup) -> Bool {
        self.passes(text: group.name) { field in
            switch field {
            case .scope, .name: .texts([group.name])
            case .err: .number(Double(group.errors))
            case .type, .state, .life, .health, .tag, .id, .uses, .level, .what, .outcome: nil
            }
        }
    }
}
