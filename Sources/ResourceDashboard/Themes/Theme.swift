/// A style for every role of the interface.
public struct Theme: Hashable, Sendable {
    /// The kind of background a theme is made for.
    public enum Variant: String, Hashable, Sendable {
        /// Light text on a dark background.
        case dark
        /// Dark text on a light background.
        case light
    }

    /// The name by which the theme is chosen: the name of its file without the extension.
    public let name: String
    /// The title given by the author.
    public let title: String
    /// The author, or an empty string.
    public let author: String
    /// The kind of background the theme is made for.
    public let variant: Variant
    /// The roles whose foregrounds were moved away from their backgrounds, because they could not be read.
    public let correctedRoles: [Role]
    private let styles: [Role: Style]

    /// Creates a theme. A role without a style is drawn as text.
    public init(name: String, title: String? = nil, author: String = "", variant: Variant, styles: [Role: Style]) {
        self.init(name: name, title: title, author: author, variant: variant, styles: styles, correctedRoles: [])
    }

    init(name: String, title: String?, author: String, variant: Variant, styles: [Role: Style], correctedRoles: [Role]) {
        self.correctedRoles = correctedRoles
        self.name = name
        self.title = title ?? name
        self.author = author
        self.variant = variant
        self.styles = styles
    }

    /// Returns the style of `role`. O(1).
    public func style(_ role: Role) -> Style {
        self.styles[role] ?? self.styles[.text] ?? .plain
    }

    /// Returns the theme to draw with at `depth`: this one, or `mono` where no color can be shown. There, a selection that is only a color
    /// would be invisible.
    public func adapted(to depth: ColorDepth) -> Theme {
        switch depth {
        case .monochrome: .mono
        case .ansi8, .ansi16, .indexed256, .direct: self
        }
    }
}
