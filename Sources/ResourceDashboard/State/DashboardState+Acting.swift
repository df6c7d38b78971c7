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
            guard let resource = self.subject.resource, self.picture.resources[resource] != nil else {
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
            let name = argument.isEmpty ? self.subject.finding?.kind.rawValue ?? "" : argument
            guard !name.isEmpty else {
                self.say("name the finding: :finding allow KIND, or KIND:LABEL", .warn)
                return []
            }
            return self.start(.allowFinding(name), "suppressing \(name)")
        case .scenario: return self.chooseScenario(argument)
        case .load:
            guard let percent = Command.percent(argument) else { return [] }
            return self.start(.setLoad(percent), "setting the load to \(percent) %")
        default: return self.actOnScope(command, argument)
        }
        return []
    }

    private mutating func actOnScope(_ command: Command, _ argument: String) -> [Effect] {
        guard let scope = self.subject.scope, let row = self.picture.scopes[scope] else {
            self.say("select an open scope", .warn)
            return []
        }
        switch command {
        case .openScope:
            return self.start(.openScope(in: scope, name: nil), "opening a scope in \(row.scope.name)")
        case .openScopeNamed where !argument.isEmpty:
            return self.start(.openScope(in: scope, name: argument), "opening \(argument) in \(row.scope.name)")
        case .openScopeNamed:
            self.overlay = .name(NameDialog(parent: scope))
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
        guard let scope = self.subject.scope, let row = self.picture.scopes[scope] else {
            return self.say("select an open scope", .warn)
        }
        self.overlay = .preview(ScopePreview(scope: scope, name: row.scope.name))
    }

    mutating func start(_ effect: Effect, _ text: String) -> [Effect] {
        self.pending.append(effect)
        self.say("\(text) …")
        return [effect]
    }

    /// The pool for manual leases: the selected one, or the only one.
    private var selectedPool: PoolSample? {
        let known = self.picture.pools.filter { $0.resource != nil }
        return known.first { $0.resource == self.subject.resource } ?? (known.count == 1 ? known.first : nil)
    }

    // MARK: Faults

    /// Returns the faults that can be injected into the next instances of a binding, and into a pool.
    static func faults(_ isPool: Bool) -> [(text: String, fault: InjectedFault?)] {
        let steps: [InjectedFault] = [.failInitialize, .hangInitialize, .slowInitialize(.seconds(2)), .failDispose, .hangDispose]
        return steps.map { ("\($0)", $0) } + (isPool ? [("break the item with the longest lease", nil)] : [])
    }

    private mutating func openFaults() {
        guard let resource = self.subject.resource, let row = self.picture.resources[resource] else {
            return self.say("select a resource: faults apply to the next instances of its binding", .warn)
        }
        guard let binding = self.picture.bindings[row.resource.binding]?.binding, binding.allowsFaults else {
            return self.say(
                "\(self.picture.typeLabel(row)) does not accept faults: its binding does not set allowsFaults",
                .warn
            )
        }
        self.overlay = .chooser(
            Chooser(.fault(binding.id, self.picture.pools.contains { $0.resource == resource } ? resource : nil))
        )
    }

    mutating func inject(_ choice: Int, _ binding: BindingID, _ pool: ResourceID?) -> [Effect] {
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
        guard name.isEmpty else { return self.startScenario(name) }
        self.overlay = .chooser(Chooser(.scenario))
        return []
    }

    /// A recording is of one container, so it ends before another scenario starts.
    mutating func startScenario(_ name: String) -> [Effect] {
        guard self.recordingPath != nil, !self.pending.contains(.stopRecording) else {
            return self.start(.startScenario(name), "starting \(name)")
        }
        self.pending.append(.stopRecording)
        return [.stopRecording] + self.start(.startScenario(name), "ending the recording, starting \(name)")
    }
}
