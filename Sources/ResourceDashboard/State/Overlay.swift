import ResourceContainer

/// An element drawn over the view that receives the keys.
enum Overlay: Sendable {
    case help(HelpOverlay)
    /// The command palette.
    case palette(Palette)
    /// Input of a name for a new scope.
    case name(TextField, parent: ScopeID)
    case picker(BindingPicker)
    case close(CloseDialog)
    /// A preview of a teardown, without a question.
    case preview(ScopeID, name: String)
    case report(ReportOverlay)
    case chooser(Chooser)
    case themes(ThemePicker)
    case differences(DifferencesOverlay)
    case quit(QuitDialog)
    /// Input of the file name for a frame.
    case write(TextField)
    case overwrite(OverwriteDialog)
    /// Input of the letter of a mark.
    case mark(sets: Bool)
    /// Input of the view's filter.
    case filter

    /// Whether the overlay is a list with a selection.
    var isList: Bool {
        switch self {
        case .help, .palette, .picker, .report, .chooser, .themes, .differences: true
        case .name, .close, .preview, .quit, .write, .overwrite, .mark, .filter: false
        }
    }

    /// Whether the overlay has a text field.
    var hasTextField: Bool {
        switch self {
        case .help, .palette, .name, .picker, .write, .filter: true
        case .close, .preview, .report, .chooser, .themes, .differences, .quit, .overwrite, .mark: false
        }
    }
}

/// The list of commands, filtered by a query.
struct HelpOverlay: Sendable {
    var query = TextField()
    var selected = 0

    func matches(_ keys: KeyMap) -> [CommandInfo] {
        if self.query.text.isEmpty { return keys.commands }
        return keys.commands.filter {
            Filter.contains("\($0.command.rawValue) \($0.help) \($0.label)", self.query.text)
        }
    }
}

/// The list of bindings to resolve in a scope.
struct BindingPicker: Sendable {
    let scope: ScopeID
    var query = TextField()
    /// The selected binding. It is kept by identity, because the list may change while it is open.
    var selected: BindingID?
}

/// The confirmation before a scope is closed. It applies only to the scope that it names.
struct CloseDialog: Sendable {
    enum Button: CaseIterable, Sendable {
        case cancel, close, force
    }

    let scope: ScopeID
    let name: String
    /// Whether a forced close was requested. Then `y` forces, and waiting is not offered.
    var isForced = false
    var button = Button.cancel

    var buttons: [Button] {
        self.isForced ? [.cancel, .force] : [.cancel, .close, .force]
    }
}

/// The report of a scope that was closed.
struct ReportOverlay: Sendable {
    let report: DisposeReport
    var top = 0
}

/// A short list of options.
struct Chooser: Sendable {
    enum Purpose: Sendable, Hashable {
        /// Faults to inject into the next instances of a binding, or into a pool.
        case fault(BindingID, ResourceID?)
        case scenario
        /// The columns that the resource table shows.
        case columns
    }

    let purpose: Purpose
    var selected = 0
}

/// The list of themes. The selected theme is applied as a preview.
struct ThemePicker: Sendable {
    let original: Theme
    var selected: Int
}

/// The resources created between two marks that are still alive.
struct DifferencesOverlay: Sendable {
    let from: TimeMark
    /// The end of the interval; nil for the moment that is shown.
    let to: TimeMark?
    var selected = 0
}

/// The confirmation before quitting while scopes that the user opened are open.
struct QuitDialog: Sendable {
    var button = CloseDialog.Button.cancel
}

/// The confirmation before an existing file is replaced. It keeps the frame that was shown when the file was named.
struct OverwriteDialog: Sendable {
    let text: String
    let path: String
    var button = CloseDialog.Button.cancel
}
