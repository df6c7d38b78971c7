import ResourceContainer

/// Something that stands over the view and takes the keys.
enum Overlay: Sendable {
    case help(HelpOverlay)
    /// A command is typed.
    case palette(Palette)
    /// A name for a new scope is typed.
    case name(TextField, parent: ScopeID)
    case picker(BindingPicker)
    case close(CloseDialog)
    /// What closing would do, without the question.
    case preview(ScopeID, name: String)
    case report(ReportOverlay)
    case chooser(Chooser)
    case themes(ThemePicker)
    case differences(DifferencesOverlay)
    case quit(QuitDialog)
    /// The name of the file for the frame is typed.
    case write(TextField)
    case overwrite(OverwriteDialog)
    /// The letter of a mark is waited for.
    case mark(sets: Bool)
    /// The filter of the view is typed.
    case filter

    /// Whether it is a list in which one goes up and down.
    var isList: Bool {
        switch self {
        case .help, .palette, .picker, .report, .chooser, .themes, .differences: true
        case .name, .close, .preview, .quit, .write, .overwrite, .mark, .filter: false
        }
    }

    /// Whether text is typed in it.
    var hasTextField: Bool {
        switch self {
        case .help, .palette, .name, .picker, .write, .filter: true
        case .close, .preview, .report, .chooser, .themes, .differences, .quit, .overwrite, .mark: false
        }
    }
}

/// The list of commands, filtered as one types.
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
        case cancel, close, force
    }

    let scope: ScopeID
    let name: String
    /// Whether closing by force is what was asked for: then `y` does that, and waiting is not offered.
    var isForced = false
    var button = Button.cancel

    var buttons: [Button] {
        self.isForced ? [.cancel, .force] : [.cancel, .close, .force]
    }
}

/// What became of a scope that was closed.
struct ReportOverlay: Sendable {
    let report: DisposeReport
    var top = 0
}

/// A short list, one of which is chosen.
struct Chooser: Sendable {
    enum Purpose: Sendable, Hashable {
        /// What is to go wrong with the next instances of a binding, or with a pool's lease.
        case fault(BindingID, ResourceID?)
        case scenario
        /// Which columns of the table of resources are shown.
        case columns
    }

    let purpose: Purpose
    var selected = 0
}

/// The themes, shown as the cursor passes over them.
struct ThemePicker: Sendable {
    let original: Theme
    var selected: Int
}

/// What came between two marks and stayed.
struct DifferencesOverlay: Sendable {
    let from: TimeMark
    /// Nil for what is shown.
    let to: TimeMark?
    var selected = 0
}

/// The question before quitting with scopes open that the person opened.
struct QuitDialog: Sendable {
    var button = CloseDialog.Button.cancel
}

/// The question before a file that is there is replaced. It is about the frame that was there when the file was named.
struct OverwriteDialog: Sendable {
    let text: String
    let path: String
    var button = CloseDialog.Button.cancel
}
