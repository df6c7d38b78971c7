import ArgumentParser
import ResourceExport
import UnixSignals

/// `resmon export`: serves the metrics of the containers of this machine to Prometheus.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Serve the metrics of all running processes of this machine to Prometheus.",
        discussion: """
            Each container that 'resmon ps' lists has its metrics at /metrics/PID-N. /targets lists them for HTTP service discovery, one target for \
            each container, with the labels instance (HOST:PID), process, and container. /metrics has the figures of the exporter itself, and / \
            shows failures in words. A process that was killed is listed for 15 more minutes with the status 503, so that an alert can report it.

            It runs until it receives SIGINT or SIGTERM. The programs need no HTTP server.
            """
    )

    @Option(
        help: ArgumentHelp(
            "The address and port to listen at. Other machines cannot connect to 127.0.0.1.",
            valueName: "address:port"
        )
    )
    var listen = "\(ListenAddress.standard)"

    func run() async throws {
        let address: ListenAddress
        do {
            address = try ListenAddress(parsing: self.listen)
        } catch {
            throw UsageFault("--listen: \(error)")
        }
        let server = try ExportServer(address)
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        try server.start()
        if !server.address.isLoopback {
            Console.complain("resmon: other machines can read the metrics at \(server.address), without a password")
        }
        try Console.show("http://\(server.address)\(ExportPages.targets) lists the containers for Prometheus; Ctrl-C ends it\n")
        for await _ in signals { break }
        await server.stop()
    }
}
