/// Running the steps that the state machine requests. Each step is user code and runs in a separate task.
extension PoolHub {
    func run(_ step: PoolEffects.Step, _ item: (any Item)?) async {
        UserCode.begins()
        switch step.kind {
        case .make: await self.make(step)
        case .validate: if let item { await self.validate(item, step.use) }
        case .reset: if let item { await self.reset(item, step.use) }
        case .close: if let item { await self.close(item, step.use) }
        }
        self.context?.noteActivity()
    }

    private func make(_ step: PoolEffects.Step) async {
        do {
            let item = try await self.hooks.make(step.group)
            let now = self.environment.time.now
            let fraction = self.configuration.maximumLifetime == nil ? 0 : self.randomFraction
            self.environment.schedulePoint()
            let (isTaken, obsolete) = self.update { state -> (Bool, UserError?) in
                // Stored first, because the state machine may decide to close the item at once.
                let isAwaited = state.machine.find(step.use, .making) != nil
                if isAwaited { state.put(item, in: step.use.slot) }
                guard state.machine.creationSucceeded(step.use, at: now, fraction: fraction) else { return (false, nil) }
                return (true, state.lastCreationError.take())
            }
            withExtendedLifetime(obsolete) {}
            if !isTaken { await self.closeOutsideOfBooks(item) }
        } catch {
            let failure = UserError(error)
            let now = self.environment.time.now
            let fraction = self.randomFraction
            self.environment.schedulePoint()
            let obsolete = self.update { state -> UserError? in
                var obsolete: UserError?
                // Stored first, so that requests refused because of this failure name it as the cause.
                if state.machine.find(step.use, .making) != nil {
                    obsolete = state.lastCreationError
                    state.lastCreationError = failure
                }
                state.machine.creationFailed(step.use, at: now, fraction: fraction)
                return obsolete
            }
            withExtendedLifetime(obsolete) {}
            self.context?.report(failure)
        }
    }

    private func validate(_ item: any Item, _ use: PoolStateMachine.Use) async {
        var isValid = false
        var failure: (any Error)?
        do { isValid = try await self.hooks.validate?(item) ?? true } catch { failure = error }
        if let failure { self.context?.report(failure) }
        let now = self.environment.time.now
        self.environment.schedulePoint()
        self.update { [isValid] in $0.machine.validationEnded(use, isValid: isValid, at: now) }
    }

    private func reset(_ item: any Item, _ use: PoolStateMachine.Use) async {
        var isFit = true
        do { try await self.hooks.reset?(item) } catch {
            isFit = false
            self.context?.report(error)
        }
        let now = self.environment.time.now
        self.environment.schedulePoint()
        self.update { [isFit] in $0.machine.resetEnded(use, isFit: isFit, at: now) }
    }

    private func close(_ item: any Item, _ use: PoolStateMachine.Use) async {
        let failure = await self.failureOfClosing(item)
        let now = self.environment.time.now
        self.environment.schedulePoint()
        let isForReport = self.update { state in
            state.machine.itemClosed(use, at: now)
            guard let failure, state.isClosing, !state.isReported else { return false }
            state.closeErrors.append(failure)
            return true
        }
        // A failure that no close report will contain is reported at once.
        if let failure, !isForReport { self.context?.report(failure) }
    }

    /// Closes an item whose creation the pool had abandoned.
    private func closeOutsideOfBooks(_ item: any Item) async {
        if let failure = await self.failureOfClosing(item) { self.context?.report(failure) }
    }

    private func failureOfClosing(_ item: any Item) async -> UserError? {
        UserCode.begins()
        do {
            try await self.hooks.close(item)
            return nil
        } catch {
            return UserError(error)
        }
    }
}
