/// The screens of a dashboard in the order of their tabs. This is the only list of them.
struct ScreenList: Sendable {
    private var screens: [any Screen]

    /// The built-in screens.
    static var builtIn: ScreenList {
        ScreenList([
            OverviewScreen(), ScopesScreen(), ResourcesScreen(), PoolsScreen(), HealthScreen(), EventsScreen(), FindingsScreen(),
            GraphScreen(),
        ])
    }

    init(_ screens: [any Screen]) {
        self.screens = screens
    }

    /// Returns the list with another screen at its end.
    func adding(_ screen: any Screen) -> ScreenList {
        ScreenList(self.screens + [screen])
    }

    /// The views in the order of the tabs.
    var views: [DashboardView] {
        self.screens.map(\.view)
    }

    /// The screen of a view.
    ///
    /// - Precondition: The list has a screen of this view.
    subscript(view: DashboardView) -> any Screen {
        self.screens[self.index(of: view)]
    }

    /// Changes the screen of a view in place.
    mutating func update<Result>(_ view: DashboardView, _ change: (inout any Screen) -> Result) -> Result {
        change(&self.screens[self.index(of: view)])
    }

    /// Changes every screen in place.
    mutating func updateAll(_ change: (inout any Screen) -> Void) {
        for index in self.screens.indices { change(&self.screens[index]) }
    }

    /// Returns the screen of a type; nil if the list has none.
    func first<S: Screen>(_ type: S.Type) -> S? {
        for case let screen as S in self.screens { return screen }
        return nil
    }

    private func index(of view: DashboardView) -> Int {
        guard let index = self.screens.firstIndex(where: { $0.view == view }) else {
            preconditionFailure("there is no screen for the view \(view.rawValue)")
        }
        return index
    }
}
