import ResourceContainer

/// Something that stands over the view and takes the keys.
enum Overlay: Sendable {
    case help(HelpOverlay)
    /// A name for a new scope is typed.
    case name(TextField, parent: ScopeID)
    case picker(BindingPicker)
    case close(CloseDialog)
    case report(ReportOverlay)
    case themes(ThemePicker)
    case quit(QuitDialog)
    /// The filter of the view is typed.
    case filter
}

/// The list of commands, filtered as one types.
struct HelpOverlay: Sendable {
    var query = TextField()
    var selected = 0

    var matches: [CommandInfo] {
        if self.query.text.isEmpty { return CommandInfo.all }
        return CommandInfo.all.filter {
            Filter.contains("\($0.command.rawValue) \($0.help) \($0.label)", self.query.text)
        }
    }
}

/// The bindings, one of which is to be got into a scope.
struct BindingPicker: Sendable {
    let scope: ScopeID
    var query = TextField()
    /// By identity: the list may change while it is open.
    var selected: BindingID?
}

/// The question before a scope is closed. It acts on the scope it names and on no other.
struct CloseDialog: Sendable {
    enum Button: CaseIterable, Sendable {
        case cancel, close
    }

    let scope: ScopeID
    let name: String
    var button = Button.cancel
}

/// What became of a scope that was closed.
struct ReportOverlay: Sendable {
    let report: DisposeReport
    var top = 0
}

/// The themes, shown as the cursor passes over them.
struct ThemePicker: Sendable {
    let original: Theme
    var selected: Int
}

/// The question before quitting with scopes open that the person opened.
struct QuitDialog: Sendable {
    var button = CloseDialog.Button.cancel
}
