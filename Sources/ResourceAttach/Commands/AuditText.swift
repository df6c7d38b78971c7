import LocalSockets
import ResourceContainer
import ResourceRecording

extension AttachCommand {
    /// The command in events and in the log, such as `closeScope 12`.
    var auditText: String {
        let name = self.name.rawValue
        switch self {
        case .watch(let mode, _): return "\(name) \(mode.rawValue)"
        case .openScope(let parent, let scope):
            // Names of clients are cut, so that the rest of the text stays readable.
            return "\(name) in \(parent.rawValue)" + (scope.map { " named '\($0.cleaned(limit: 60))'" } ?? "")
        case .closeScope(let scope, let force): return "\(name) \(scope.rawValue)\(force ? " by force" : "")"
        case .get(let binding, let scope): return "\(name) \(binding.rawValue) in \(scope.rawValue)"
        case .checkHealth(let resource): return name + (resource.map { " \($0.rawValue)" } ?? "")
        case .lease(let pool), .breakLease(let pool): return "\(name) \(pool.rawValue)"
        case .release, .releaseAll: return name
        case .inject(let fault, let binding): return "\(name) into \(binding.rawValue): \(fault),"
        }
    }
}

extension PeerCredentials {
    /// The client in events and in the log, such as `uid 1000 pid 4711`.
    var text: String {
        "uid \(self.user)" + (self.pid.map { " pid \($0)" } ?? "")
    }
}
