/// The identity of a process in a fleet. Two processes with containers of one name differ in their instance.
package struct FleetKey: Sendable, Hashable, Comparable {
    /// The job of the scrape configuration.
    package var job: String
    /// The scraped address, or the host and the number of the process: `web1:4711`.
    package var instance: String
    /// The name of the container; empty if the series has none, such as the alert that a process is gone.
    package var container: String

    package init(job: String, instance: String, container: String) {
        self.job = job
        self.instance = instance
        self.container = container
    }

    /// Creates the identity from the values of the labels `FleetColumn.identity`, in their order.
    init(labels: some Collection<String>) {
        var values = labels.makeIterator()
        self.init(job: values.next() ?? "", instance: values.next() ?? "", container: values.next() ?? "")
    }

    /// The instance without the number after its last colon.
    package var host: String {
        self.instance.lastIndex(of: ":").map { String(self.instance[..<$0]) } ?? self.instance
    }

    /// The number after the last colon of the instance: that of the process, or the scraped port. Empty without a colon.
    package var number: String {
        self.instance.lastIndex(of: ":").map { String(self.instance[self.instance.index(after: $0)...]) } ?? ""
    }

    /// The number of a process with that of its container, `4711-0`, if the instance states it: `web1:4711` or, for a further container,
    /// `web1:4711-1`. Nil if the instance ends with another number, such as a port.
    ///
    /// - Parameter pid: The number of the process, as it exposes it.
    func process(_ pid: String) -> String? {
        guard !pid.isEmpty, pid.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        if self.number == pid { return "\(pid)-0" }
        guard self.number.hasPrefix("\(pid)-"), UInt16(self.number.dropFirst(pid.count + 1)) != nil else { return nil }
        return self.number
    }

    /// The process for users: `shop web1:4711`.
    package var words: String {
        self.container.isEmpty ? self.instance : "\(self.container) \(self.instance)"
    }

    /// The order of the rows with equal sort keys: by host, instance, container, and job.
    package static func < (left: FleetKey, right: FleetKey) -> Bool {
        (left.instance, left.container, left.job) < (right.instance, right.container, right.job)
    }
}
