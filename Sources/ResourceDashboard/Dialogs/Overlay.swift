/// An element drawn over the view that receives the keys.
enum Overlay: Sendable {
    case help(HelpDialog)
    case palette(PaletteDialog)
    case name(NameDialog)
    case picker(BindingPicker)
    case close(CloseDialog)
    case preview(ScopePreview)
    case report(ReportDialog)
    case chooser(Chooser)
    case themes(ThemePicker)
    case processes(ProcessPicker)
    case differences(DifferencesDialog)
    case quit(QuitDialog)
    case write(FileNameDialog)
    case overwrite(OverwriteDialog)
    /// Input of the letter of a mark.
    case mark(sets: Bool)
    /// Input of the filter of the view's list.
    case filter

    /// The dialog that handles the keys and draws the overlay.
    var dialog: any Dialog {
        switch self {
        case .help(let dialog): dialog
        case .palette(let dialog): dialog
        case .name(let dialog): dialog
        case .picker(let dialog): dialog
        case .close(let dialog): dialog
        case .preview(let dialog): dialog
        case .report(let dialog): dialog
        case .chooser(let dialog): dialog
        case .themes(let dialog): dialog
        case .processes(let dialog): dialog
        case .differences(let dialog): dialog
        case .quit(let dialog): dialog
        case .write(let dialog): dialog
        case .overwrite(let dialog): dialog
        case .mark(let sets): MarkDialog(sets: sets)
        case .filter: FilterDialog()
        }
    }

    /// Whether the overlay is a list or a text that the wheel moves.
    var isList: Bool { self.dialog.isList }

    /// Whether the overlay has a text field.
    var hasTextField: Bool { self.dialog.field != nil }

    /// Whether the overlay stays open when the picture becomes that of another container.
    var survivesReset: Bool { self.dialog.survivesReset }
}
