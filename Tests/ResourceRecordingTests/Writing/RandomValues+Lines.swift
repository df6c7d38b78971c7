import Foundation
import ResourceMonitoring

@testable import ResourceContainer
@testable import ResourceRecording

/// Values of the bodies of lines.
extension RandomValues {
    mutating func event() -> ResourceEvent {
        ResourceEvent(
            sequence: self.integer(),
            time: self.instant(),
            scope: self.scope(),
            resource: self.optional { $0.resource() },
            binding: self.optional { $0.binding() },
            kind: self.eventKind(Int.random(in: 0..<Self.eventKinds, using: &self.random))
        )
    }

    /// The number of kinds of events.
    static let eventKinds = 28

    private mutating func eventKind(_ number: Int) -> ResourceEvent.Kind {
        switch number {
        case 0: .bound(self.bindingSnapshot())
        case 1: .rebound(self.bindingSnapshot())
        case 2: .scopeOpened(self.scopeSnapshot())
        case 3: .scopeClosing
        case 4: .closeExpedited(left: self.integer())
        case 5:
            .scopeClosed(
                disposed: self.integer(),
                threw: self.integer(),
                abandoned: self.integer(),
                took: self.duration(),
                outcome: self.optional { $0.outcome() }
            )
        case 6: .initializing
        case 7: .ready(took: self.duration(), order: self.integer(), dependencies: self.list { $0.resource() })
        case 8: .initializationFailed(self.text(), took: self.duration())
        case 9: .dependencyAdded(self.resource())
        case 10: .disposing
        case 11: .disposed(took: self.duration(), lived: self.duration())
        case 12: .disposeThrew(self.text(), took: self.duration(), lived: self.duration())
        case 13: .abandoned(self.phase(), budget: self.duration())
        case 14: .completedLate(self.phase(), took: self.duration())
        case 15: .noted(self.text())
        case 16: .errorReported(self.text())
        case 17: .leaseSlow(waited: self.duration())
        case 18: .leaseTimedOut(waited: self.duration(), message: self.text())
        case 19: .leaseExhausted
        case 20: .leaseReentrant
        case 21: .leaseLost(location: self.location(), scope: self.optional { $0.scope() }, held: self.duration())
        case 22: .leaseRecovered(location: self.location(), after: self.duration())
        case 23: .healthChanged(from: self.status(), to: self.healthResult())
        case 24: .fellBack(from: self.text(), reason: self.text())
        case 25: .leakSuspected(location: self.location(), scope: self.optional { $0.scope() }, held: self.duration())
        case 26: self.isTrue() ? .leakWithdrawn(location: self.location(), after: self.duration()) : .droppedOpen(live: self.integer())
        default: .faultInjected(self.fault())
        }
    }

    private mutating func outcome() -> ScopeOutcome {
        self.isTrue() ? .threw(type: self.text(), text: self.text()) : self.isTrue() ? .returned : .canceled
    }

    mutating func samples() -> RecordedSamples {
        var samples = RecordedSamples()
        samples.pools = Changes(from: self.list { $0.pool() }, to: self.list { $0.pool() })
        samples.uses = self.optional { $0.list(upTo: 6) { $0.integer() } }
        samples.slow = self.optional { values in
            RecordedSamples.Slow(
                outliving: values.optional { $0.list { $0.outliving() } },
                forgottenScopes: values.optional { $0.list { $0.scope() } },
                books: values.books(),
                booksSequence: values.integer(),
                health: values.optional { $0.recordedHealth() }
            )
        }
        return samples
    }

    mutating func outliving() -> OutlivingResource {
        OutlivingResource(
            resource: self.resource(),
            label: self.text(),
            scope: self.text(),
            location: self.location(),
            since: self.instant()
        )
    }

    mutating func recordedHealth() -> RecordedHealth {
        let old = self.healthPicture()
        var new = self.healthPicture()
        // Some rows continue the history of the previous ones.
        if let row = old.rows.first, self.isTrue() {
            new.rows = [row]
            new.rows[0].history.append(self.healthResult())
        }
        return RecordedHealth(new, after: self.isTrue() ? old : nil)
    }

    // MARK: Headers and ends

    mutating func header() -> RecordingHeader {
        var rules = FindingRules()
        rules.slowInitialize = self.duration()
        rules.quietAfter = self.duration()
        rules.stormRate = self.integer()
        rules.scopeFactor = self.number()
        rules.scopeHistory = self.integer()
        for kind in self.list(upTo: 4, { $0.pick(Finding.Kind.allCases.filter { $0 != .booksUnbalanced }) }) {
            try? rules.allow(kind, of: self.optional { $0.text() })
        }
        var header = RecordingHeader(
            container: self.text(),
            origin: self.text(),
            clockOriginNanoseconds: self.integer(),
            clockOffsetSeconds: self.integer(),
            rules: rules,
            attach: self.optional { $0.description() }
        )
        header.version = self.text()
        return header
    }

    mutating func description() -> AttachDescription {
        AttachDescription(
            instance: self.text(),
            pid: self.integer(),
            uid: self.integer(),
            host: self.text(),
            program: self.text(),
            started: self.integer(),
            may: self.list { $0.text() },
            commands: self.list { $0.text() },
            beatNanoseconds: self.integer(),
            pastNanoseconds: self.optional { $0.integer() },
            processStarted: self.optional { $0.integer() },
            version: self.optional { $0.text() }
        )
    }

    mutating func disposeReport(depth: Int = 2) -> DisposeReport {
        DisposeReport(
            scope: self.scope(),
            name: self.text(),
            children: depth == 0 ? [] : self.list(upTo: 2) { $0.disposeReport(depth: depth - 1) },
            entries: self.list(upTo: 2) { values in
                DisposeReport.Entry(
                    order: values.integer(),
                    resource: values.resource(),
                    label: values.text(),
                    outcome: values.pick([.disposed, .threw, .abandoned, .neverInitialized]),
                    took: values.duration(),
                    error: values.optional { $0.text() },
                    unreturned: values.list { $0.holder() }
                )
            },
            took: self.duration()
        )
    }

    mutating func end() -> RecordingEnd {
        RecordingEnd(reason: self.optional { $0.text() }, report: self.optional { $0.disposeReport() })
    }

    mutating func answer() -> AttachAnswer {
        AttachAnswer(
            id: self.integer(),
            error: self.optional { $0.text() },
            scope: self.optional { $0.scope() },
            resource: self.optional { $0.resource() },
            report: self.optional { $0.disposeReport() },
            count: self.optional { $0.integer() },
            texts: self.optional { $0.list { $0.text() } }
        )
    }

    mutating func beat() -> AttachBeat {
        AttachBeat(
            lagNanoseconds: self.optional { $0.integer() },
            waitingNanoseconds: self.optional { $0.integer() },
            pastNanoseconds: self.optional { $0.integer() },
            summary: self.optional { $0.summary() }
        )
    }

    mutating func summary() -> AttachSummary {
        AttachSummary(
            uptimeNanoseconds: self.integer(),
            scopes: self.integer(),
            active: self.integer(),
            errors: self.integer(),
            pool: self.optional { PoolUse(name: $0.text(), used: $0.integer(), limit: $0.integer()) },
            waiting: self.integer(),
            findings: self.optional { $0.integer() },
            worstFinding: self.optional { $0.text() },
            health: self.optional { $0.status() },
            attention: self.optional { $0.list { $0.text() } }
        )
    }
}
