import ResourceMonitoring

/// An alert rule of a fleet. The raw value is its name.
package enum FleetAlert: String, Sendable, Hashable, CaseIterable {
    case starved = "ResmonPoolStarved"
    case slowAcquire = "ResmonSlowAcquire"
    case leaked = "ResmonLeaseLeaked"
    case unhealthy = "ResmonUnhealthy"
    case initializeFailing = "ResmonInitializeFailing"
    case abandoned = "ResmonAbandoned"
    case activeGrows = "ResmonActiveGrows"
    case unbalanced = "ResmonBooksUnbalanced"
    case gone = "ResmonGone"

    /// The value of the label `severity`.
    package enum Severity: String, Sendable, Hashable {
        case warning, critical
    }

    /// The PromQL of the condition, in lines.
    package var expression: [String] {
        let (by, byKey) = (Self.by(FleetColumn.identity), Self.by(FleetColumn.identity + ["key"]))
        return switch self {
        case .starved:
            ["\(FleetRecord.waiting.name) > 0 and \(FleetRecord.used.name) >= \(FleetRecord.limit.name)"]
        case .slowAcquire:
            ["\(FleetRecord.p99.name) > 1"]
        case .leaked:
            ["sum \(Self.by(FleetRecord.labels)) (\(MetricName.poolLeaked.rawValue)) > 0"]
        case .unhealthy:
            [#"max \#(by) (\#(MetricName.health.rawValue){status="unhealthy"}) == 1"#]
        case .initializeFailing:
            [
                "sum \(byKey) (rate(\(MetricName.resourcesInitFailed.rawValue)[5m]))",
                "  / sum \(byKey) (rate(\(MetricName.resourcesCreated.rawValue)[5m])) > 0.05",
            ]
        case .abandoned:
            ["sum \(byKey) (increase(\(MetricName.resourcesAbandoned.rawValue)[15m])) > 0"]
        case .activeGrows:
            [
                "sum \(byKey) (\(MetricName.resourcesActive.rawValue)) > 50",
                "  and deriv((sum \(byKey) (\(MetricName.resourcesActive.rawValue)))[1h:1m]) * 3600",
                "    > 0.5 * sum \(byKey) (\(MetricName.resourcesActive.rawValue))",
            ]
        case .unbalanced:
            [#"sum \#(by) (\#(MetricName.findings.rawValue){kind="\#(Finding.Kind.booksUnbalanced.rawValue)"}) > 0"#]
        case .gone:
            ["up == 0 and on (job, instance) max_over_time(\(MetricName.scopesOpen.rawValue)[1h])"]
        }
    }

    /// The time for which the condition must hold, as a duration of Prometheus; nil for none.
    package var delay: String? {
        switch self {
        case .starved, .gone: "2m"
        case .unhealthy: "1m"
        case .slowAcquire, .leaked, .initializeFailing: "5m"
        case .activeGrows: "30m"
        case .abandoned, .unbalanced: nil
        }
    }

    /// The time for which the alert continues after the condition, as a duration of Prometheus; nil for none.
    package var keepFiring: String? {
        self == .starved ? "5m" : nil
    }

    /// The severity.
    package var severity: Severity {
        switch self {
        case .starved, .unhealthy, .unbalanced, .gone: .critical
        case .slowAcquire, .leaked, .initializeFailing, .abandoned, .activeGrows: .warning
        }
    }

    /// The annotation `summary`, a template of Prometheus; nil for a process that is gone, which the labels describe.
    package var summary: String? {
        let process = "{{ $labels.container }} on {{ $labels.instance }}"
        return switch self {
        case .starved: "\(process): pool {{ $labels.pool }} is empty and {{ $value }} wait"
        case .slowAcquire: "\(process): acquisitions of pool {{ $labels.pool }} wait {{ humanizeDuration $value }} (p99)"
        case .leaked: "\(process): {{ $value }} leases of pool {{ $labels.pool }} are suspected leaks"
        case .unhealthy: "\(process) is unhealthy"
        case .initializeFailing: "\(process): {{ humanizePercentage $value }} of the initializations of {{ $labels.key }} fail"
        case .abandoned: "\(process): steps of {{ $labels.key }} did not finish within their budget"
        case .activeGrows: "\(process): the number of active {{ $labels.key }} grows"
        case .unbalanced: "\(process): the books do not balance"
        case .gone: nil
        }
    }

    /// The annotation `attach`, a template of Prometheus: the command line that shows the cause; nil for a process that is gone.
    ///
    /// A process whose instance states its number is named by that, because replicas have containers of one name; any other by its container.
    /// A name with other characters than letters, digits, `.`, `_`, and `-` is left out, so that the text is safe to paste into a shell.
    package var attach: String? {
        let view: String
        switch self {
        case .starved, .slowAcquire, .leaked: view = "pools"
        case .unhealthy: view = "health"
        case .initializeFailing, .abandoned, .activeGrows: view = "resources"
        case .unbalanced: view = "overview"
        case .gone: return nil
        }
        let host = #"{{ reReplaceAll ":[0-9-]+$" "" $labels.instance }}"#
        return "resmon attach ssh://\(host)\(Self.target) --view \(view)"
    }

    /// The template of the process: ` 4711-0`, ` shop`, or nothing.
    private static var target: String {
        let selector =
            #"printf "\#(MetricName.attach.rawValue){job=%q,instance=%q,container=%q}" $labels.job $labels.instance $labels.container"#
        return [
            #"{{ $name := $labels.container }}{{ $number := reReplaceAll "^.*:" "" $labels.instance }}"#,
            "{{ range query (\(selector)) }}",
            #"{{ if eq $number .Labels.pid }}{{ $name = printf "%s-0" $number }}"#,
            #"{{ else if match (printf "^%s-[0-9]+$" .Labels.pid) $number }}{{ $name = $number }}{{ end }}"#,
            "{{ end }}",
            #"{{ if match "^[A-Za-z0-9._][A-Za-z0-9._-]*$" $name }} {{ $name }}{{ end }}"#,
        ].joined()
    }

    private static func by(_ labels: [String]) -> String {
        "by (\(labels.joined(separator: ", ")))"
    }
}
