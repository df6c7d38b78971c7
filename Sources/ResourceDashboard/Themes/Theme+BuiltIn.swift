extension Theme {
    /// The compiled-in themes, which need no file: the fixed themes, then the shipped ones.
    public static let builtIn: [Theme] = Self.fixed + ShippedThemes.all

    /// The themes that no file can replace, so that a damaged file cannot remove the default.
    static let fixed: [Theme] = [.defaultDark, .defaultLight, .mono]

    /// Light text on a dark background.
    public static let defaultDark = Theme(
        name: "default-dark",
        title: "Default Dark",
        author: "the resmon authors",
        variant: .dark,
        styles: ColorScheme([
            0x14181F, 0x1C222B, 0x28303C, 0x66748A, 0x93A1B5, 0xD5DCE6, 0xE6EBF2, 0xF5F8FC,
            0xFF7B7B, 0xFFA35C, 0xF2CC60, 0x6FD08C, 0x5CCFD6, 0x6CB6FF, 0xC69CFF, 0xD9A37A,
        ]).styles()
    )

    /// Dark text on a light background.
    public static let defaultLight = Theme(
        name: "default-light",
        title: "Default Light",
        author: "the resmon authors",
        variant: .light,
        styles: ColorScheme([
            0xFAFBFC, 0xEEF1F4, 0xDDE3EA, 0x768391, 0x566370, 0x24292F, 0x161B22, 0x05070A,
            0xB62324, 0xA34A00, 0x7D5600, 0x176F2C, 0x006B78, 0x0757BA, 0x7540C0, 0x8A4B2A,
        ]).styles()
    )

    /// Attributes only, in the terminal's default colors.
    public static let mono = Theme(
        name: "mono",
        title: "Mono",
        author: "the resmon authors",
        variant: .dark,
        styles: [
            .text: .plain,
            .textDim: Style(attributes: .dim),
            .border: Style(attributes: .dim),
            .borderFocus: Style(attributes: .bold),
            .title: Style(attributes: .bold),
            .selected: Style(attributes: .reverse),
            .stateDisposed: Style(attributes: .dim),
            .stateFailed: Style(attributes: .bold),
            .healthDegraded: Style(attributes: .bold),
            .healthUnhealthy: Style(attributes: [.bold, .underline]),
            .healthUnknown: Style(attributes: .dim),
            .gaugeFree: Style(attributes: .dim),
            .gaugeOver: Style(attributes: .bold),
        ]
    )
}
