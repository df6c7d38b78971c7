import LocalSockets

/// The rights of clients: the consent of the watched process. Pure.
struct Consent: Sendable, Hashable {
    /// The rights of one client.
    enum Permission: Sendable, Hashable {
        /// Nothing, for this reason.
        case refused(String)
        /// Watch. The text states why the client cannot act, and what would allow it.
        case watch(String)
        /// Watch and act.
        case act

        /// The values of `may` in the header.
        var names: [String] {
            switch self {
            case .refused: []
            case .watch: ["watch"]
            case .act: ["watch", "act"]
            }
        }
    }

    /// Whether clients of the process's user and of root may act.
    let acting: ResourceAttach.Acting
    /// The user of the process.
    let user: UInt32
    /// The group whose members may watch, if any.
    let group: UInt32?

    /// Whether a client runs as the user of the process or as root.
    func isOwner(_ peer: PeerCredentials?) -> Bool {
        peer?.user == self.user || peer?.user == 0
    }

    /// The permission of a client; nil credentials are unknown ones.
    func permission(of peer: PeerCredentials?) -> Permission {
        guard let peer else { return .refused("the system does not report the client's user") }
        guard self.isOwner(peer) else {
            if let group = self.group, peer.groups.contains(group) {
                return .watch("only user \(self.user) and root may act, and the client runs as user \(peer.user)")
            }
            return .refused("only user \(self.user) and root may watch this process, and the client runs as user \(peer.user)")
        }
        switch self.acting {
        case .owner: return .act
        case .nobody: return .watch("this process accepts no commands: its program must create ResourceAttach with acting: .owner")
        }
    }
}
