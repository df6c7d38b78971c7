import ResourceContainer

extension PoolSample: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("abandoned", self.abandoned)
        json.field("brokenDiscarded", self.brokenDiscarded)
        json.field("closed", self.closed)
        json.field("creations", self.creations)
        json.field("dropped", self.dropped)
        json.field("evicted", self.evicted)
        json.field("exhausted", self.exhausted)
        json.field("expired", self.expired)
        json.field("failed", self.failed)
        json.field("holders", self.holders)
        json.field("holds", self.holds)
        json.field("idle", self.idle)
        json.field("lateness", self.lateness)
        json.field("leaked", self.leaked)
        json.field("leaksSuspected", self.leaksSuspected)
        json.field("leaksWithdrawn", self.leaksWithdrawn)
        json.field("leaseLimit", self.leaseLimit)
        json.field("leased", self.leased)
        json.field("leases", self.leases)
        json.field("longestLateness", self.longestLateness)
        json.field("longestWait", self.longestWait)
        json.field("lost", self.lost)
        json.field("made", self.made)
        json.field("maximum", self.maximum)
        json.field("minimum", self.minimum)
        json.field("name", self.name)
        json.field("pending", self.pending)
        json.field("reaped", self.reaped)
        json.field("reentrant", self.reentrant)
        json.field("refused", self.refused)
        json.field("resetFailures", self.resetFailures)
        json.field("resetting", self.resetting)
        json.field("resource", ifPresent: self.resource)
        json.field("retired", self.retired)
        json.field("staleReturns", self.staleReturns)
        json.field("timedOut", self.timedOut)
        json.field("totalWait", self.totalWait)
        json.field("validating", self.validating)
        json.field("validationFailures", self.validationFailures)
        json.field("validations", self.validations)
        if let waitTraces { json.field("waitTraces", waitTraces) }
        json.field("waited", self.waited)
        json.field("waiters", self.waiters)
        json.field("waiting", self.waiting)
        json.field("waits", self.waits)
        json.close("}")
    }
}

extension PoolSample.Holder: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("place", self.location)
        json.field("scope", ifPresent: self.scope)
        json.field("since", self.since)
        json.field("slot", self.slot)
        json.close("}")
    }
}

extension PoolSample.Waiter: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("deadline", self.deadline)
        json.field("place", self.location)
        json.field("scope", ifPresent: self.scope)
        json.field("since", self.since)
        json.close("}")
    }
}

extension WaitTrace: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("trace", self.trace.rawValue)
        json.field("waited", self.waited)
        json.close("}")
    }
}

extension DurationBuckets: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.list("buckets", self.recordedBuckets) { json, bucket in
            json.open("[")
            json.write(bucket.index)
            json.element()
            json.write(bucket.count)
            json.close("]")
        }
        json.field("sum", self.sum)
        json.close("}")
    }
}
