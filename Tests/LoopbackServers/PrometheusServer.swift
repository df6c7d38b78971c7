import Foundation

/// A Prometheus server on a port of the loopback address, with its data in a temporary directory. It ends with the last reference.
public final class PrometheusServer: Sendable {
    /// One series of an answer: its labels and its value.
    public struct Sample: Sendable {
        /// The labels, with `__name__` if the query keeps it.
        public var labels: [String: String]
        /// The value; NaN and infinities included.
        public var value: Double
    }

    /// The port.
    public let port: Int
    private let directory: TemporaryDirectory
    private let process: ServerProcess

    /// Starts a server, and returns when it answers.
    ///
    /// - Parameters:
    ///   - configuration: The configuration as YAML. `rules.yml` is the file with the rules.
    ///   - rules: The rules as YAML.
    /// - Throws: ``LoopbackServerError``, also if Prometheus is not installed.
    public init(configuration: String, rules: String = "groups: []\n") async throws {
        guard let program = Self.program("prometheus") else {
            throw LoopbackServerError("prometheus is not installed (Debian and Ubuntu: apt-get install --no-install-recommends prometheus)")
        }
        self.directory = try TemporaryDirectory()
        self.port = try freeLoopbackPort()
        for (name, text) in [("prometheus.yml", configuration), ("rules.yml", rules)] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(self.directory.path)/\(name)"))
        }
        let process = try ServerProcess(
            program,
            [
                "--config.file=\(self.directory.path)/prometheus.yml", "--storage.tsdb.path=\(self.directory.path)/data",
                "--web.listen-address=127.0.0.1:\(self.port)", "--enable-feature=exemplar-storage", "--log.level=warn",
            ],
            output: "\(self.directory.path)/output"
        )
        self.process = process
        let port = self.port
        let isReady = try await eventually(within: .seconds(30)) {
            !process.isRunning || (try? LoopbackHTTP.get("/-/ready", port: port).status) == 200
        }
        guard isReady, process.isRunning else { throw LoopbackServerError("Prometheus did not start: \(process.printed)") }
    }

    /// The last lines of the log.
    public var printed: String { self.process.printed }

    /// The path of a program of the package; nil if it is not installed.
    public static func program(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let directories = path.split(separator: ":").map(String.init) + ["/usr/bin", "/usr/local/bin"]
        return directories.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// The `data` of an answer of the API.
    ///
    /// - Parameter query: The parameters of the address.
    /// - Throws: ``LoopbackServerError`` with the error of the server.
    public func api<Value: Decodable>(_ path: String, _ query: [String: String] = [:], as type: Value.Type) throws -> Value {
        let parameters = query.sorted { $0.key < $1.key }.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }
        let answer = try LoopbackHTTP.get("/api/v1/\(path)?\(parameters.joined(separator: "&"))", port: self.port)
        let body = try JSONDecoder().decode(Body<Value>.self, from: answer.body)
        guard let data = body.data else { throw LoopbackServerError("Prometheus: \(body.error ?? "no data") for \(query)") }
        return data
    }

    /// The series of an instant query.
    public func query(_ expression: String) throws -> [Sample] {
        try self.api("query", ["query": expression], as: Vector.self).result.map { row in
            Sample(labels: row.metric, value: Double(row.value.text) ?? .nan)
        }
    }

    /// A pending or firing alert.
    public struct Alert: Decodable, Sendable {
        public var labels: [String: String]
        public var annotations: [String: String]
        /// `pending` or `firing`.
        public var state: String
    }

    /// The alerts that are pending or firing.
    public func alerts() throws -> [Alert] {
        struct Alerts: Decodable { var alerts: [Alert] }
        return try self.api("alerts", as: Alerts.self).alerts
    }

    private struct Body<Value: Decodable>: Decodable {
        var data: Value?
        var error: String?
    }

    private struct Vector: Decodable {
        struct Row: Decodable {
            var metric: [String: String]
            var value: Point
        }

        /// A pair of a time and a value as text.
        struct Point: Decodable {
            var text: String

            init(from decoder: any Decoder) throws {
                var pair = try decoder.unkeyedContainer()
                _ = try pair.decode(Double.self)
                self.text = try pair.decode(String.self)
            }
        }

        var result: [Row]
    }
}
