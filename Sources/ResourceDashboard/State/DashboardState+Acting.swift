import ResourceContainer
import ResourceMonitoring

/// Actions on the container. They refer to scopes, bindings and resources by identity, so that an action applies to the item that its key
/// or dialog named, or to none.
extension DashboardState {
    mutating func act(_ command: Command, _ argument: String) -> [Effect] {
        switch command {
        case .checkAllHealth:
            return self.start(.checkHealth(nil), "checking all resources")
        case .checkHealth:
            guard let resource = self.actionResource, self.picture.resources[resource] != nil else {
                self.say("select a resource to check", .warn)
                return []
            }
            return self.start(.checkHealth(resource), "checking \(self.picture.label(of: resource))")
        case .injectFault: self.openFaults()
        case .lease:
            guard let pool = self.selectedPool, let resource = pool.resource else {
                self.say("select a pool to lease from", .warn)
                return []
            }
            return self.start(.lease(resource), "leasing from \(pool.name)")
        case .release: return self.start(.release, "releasing a lease")
        case .allowFinding:
            let name = argument.isEmpty ? self.view == .findings ? self.selectedFinding?.kind.rawValue ?? "" : "" : argument
            guard !name.isEmpty else {
                self.say("name the finding: :finding allow KIND, or KIND:LABEL", .warn)
                return []
            }
            return self.start(.allowFinding(name), "suppressing \(name)")
        case .scenario: return self.chooseScenario(argument)
        case .load:
            guard let percent = Int(argument.hasSuffix("%") ? String(argument.dropLast()) : argument), (0...1_000).contains(percent) else {
                self.say(":load takes a percentage from 0 to 1000; the load is \(self.load)", .warn)
                return []
            }
            return self.start(.setLoad(percent), "setting the load to \(percent) %")
        default: return self.actOnScope(command, argument)
        }
        return []
    }

    private mutating func actOnScope(_ command: Command, _ argument: String) -> [Effect] {
        guard let scope = self.selectedScope, let row = self.picture.scopes[scope] else {
            self.say("select an open scope", .warn)
            return []
        }
        switch command {
        case .openScope:
            return self.start(.openScope(in: scope, name: nil), "opening a scope in \(row.scope.name)")
        case .openScopeNamed where !argument.isEmpty:
            return self.start(.openScope(in: scope, name: argument), "opening \(argument) in \(row.scope.name)")
        case .openScopeNamed:
            self.overlay = .name(TextField(), parent: scope)
        case .getResource:
            self.overlay = .picker(BindingPicker(scope: scope))
        case .closeScope where row.scope.parent == nil, .forceClose where row.scope.parent == nil:
            self.say("\(row.scope.name) is the root scope, which closes when the program ends", .warn)
        case .closeScope, .forceClose:
            self.overlay = .close(CloseDialog(scope: scope, name: row.scope.name, isForced: command == .forceClose))
        default:
            break
        }
        return []
    }

    mutating func openPreview() {
        guard let scope = self.selectedScope, let row = self.picture.scopes[scope] else {
            return self.say("select an open scope", .warn)
        }
        self.overlay = .preview(scope, name: row.scope.name)
    }

    mutating func start(_ effect: Effect, _ text: String) -> [Effect] {
        self.pending.append(effect)
        self.say("\(text) …")
        return [effect]
    }

    /// The pool for manual leases: the selected one, or the only one.
    private var selectedPool: PoolSample? {
        let known = self.picture.pools.filter { $0.resource != nil }
        return known.first { $0.resource == self.actionResource } ?? (known.count == 1 ? known.first : nil)
    }

    // MARK: Faults

    /// Returns the faults that can be injected into the next instances of a binding, and into a pool.
    static func faults(_ isPool: Bool) -> [(text: String, fault: InjectedFault?)] {
        let steps: [InjectedFault] = [.failInitialize, .hangInitialize, .slowInitialize(.seconds(2)), .failDispose, .hangDispose]
        return steps.map { ("\($0)", $0) } + (isPool ? [("break the item with the longest lease", nil)] : [])
    }

    private mutating func openFaults() {
        guard let resource = self.actionResource, let row = self.picture.resources[resource] else {
            return self.say("select a resource: faults apply to the next instances of its binding", .warn)
        }
        guard let binding = self.picture.bindings[row.resource.binding]?.binding, binding.allowsFaults else {
            return self.say(
                "\(self.picture.typeLabel(row)) does not accept faults: its binding does not set allowsFaults",
                .warn
            )
        }
        self.overlay = .chooser(
            Chooser(purpose: .fault(binding.id, self.picture.pools.contains { $0.resource == resource } ? resource : nil))
        )
    }

    private mutating func inject(_ choice: Int, _ binding: BindingID, _ pool: ResourceID?) -> [Effect] {
        let label = self.picture.bindings[binding]?.binding.label ?? "?"
        let faults = Self.faults(pool != nil)
        guard faults.indices.contains(choice) else { return [] }
        if let fault = faults[choice].fault { return self.start(.inject(fault, binding), "\(label): \(fault)") }
        guard let pool, self.picture.resources[pool] != nil else {
            self.say("the pool no longer exists; nothing was done", .warn)
            return []
        }
        return self.start(.breakLease(pool), "breaking a lease of \(label)")
    }

    // MARK: Scenarios

    private mutating func chooseScenario(_ name: String) -> [Effect] {
        let scenarios = self.configuration.scenarios
        guard !scenarios.isEmpty else {
            self.say("this source has no scenarios", .warn)
            return []
        }
        guard name.isEmpty else {
            guard scenarios.contains(where: { $0.name == name }) else {
                self.say("unknown scenario \(name); the scenarios are: \(scenarios.map(\.name).joined(separator: ", "))", .warn)
                return []
            }
            return self.startScenario(name)
        }
        self.overlay = .chooser(Chooser(purpose: .scenario))
        return []
    }

    /// A recording is of one container, so it ends before another scenario starts.
    private mutating func startScenario(_ name: String) -> [Effect] {
        guard self.recordingPath != nil, !self.pending.contains(.stopRecording) else {
            return self.start(.startScenario(name), "starting \(name)")
        }
        self.pending.append(.stopRecording)
        return [.stopRecording] + self.start(.startScenario(name), "ending the recording, starting \(name)")
    }

    // MARK: Short lists

    /// Returns the options of a chooser, each with a title and a remark.
    func options(of chooser: Chooser) -> [(title: String, remark: String)] {
        switch chooser.purpose {
        case .fault(_, let pool): Self.faults(pool != nil).map { ($0.text, "") }
        case .scenario: self.configuration.scenarios.map { ($0.name, $0.summary) }
        case .columns: ResourceColumn.allCases.map { ($0.title, self.hiddenColumns.contains($0) ? "hidden" : "shown") }
        }
    }

    mutating func take(_ key: Key, _ overlay: Chooser) -> [Effect] {
        var chooser = overlay
        let count = self.options(of: chooser).count
        switch key.code {
        case .escape, .character("q"):
            self.overlay = nil
            return []
        case .down, .character("j"): chooser.selected = min(chooser.selected + 1, max(0, count - 1))
        case .up, .character("k"): chooser.selected = max(0, chooser.selected - 1)
        case .enter, .character(" "): return self.choose(chooser)
        default: break
        }
        self.overlay = .chooser(chooser)
        return []
    }

    mutating func choose(_ chooser: Chooser) -> [Effect] {
        switch chooser.purpose {
        case .fault(let binding, let pool):
            self.overlay = nil
            return self.inject(chooser.selected, binding, pool)
        case .scenario:
            self.overlay = nil
            guard self.configuration.scenarios.indices.contains(chooser.selected) else { return [] }
            return self.startScenario(self.configuration.scenarios[chooser.selected].name)
        case .columns:
            let column = ResourceColumn.allCases[chooser.selected]
            // The type column stays: without it, rows could not be told apart.
            if self.hiddenColumns.remove(column) == nil, column != .type { self.hiddenColumns.insert(column) }
            self.overlay = .chooser(chooser)
            return []
        }
    }
}
