import ResourceContainer

// Expectations of a block: what ``LifecycleRecord`` says of everything that happens in a container while the block runs. An error that the
// block throws is thrown unchanged, and then nothing is expected of it any more; what it returns is returned.

/// Runs `body`, which is to leave nothing behind in `container`: every scope it opened is closed, every resource it made is gone, and what
/// it borrowed from pools is given back. What was there before may be there afterwards, and singletons live on with the container.
///
/// ```swift
/// try await expectNoLeaks(in: container) {
///     let scope = try container.openScope(named: "import")
///     let orders = try await scope.get(Orders.self)
///     try await orders.load(file)                  // and nobody closes the scope
/// }
/// ```
///
/// throws an ``ExpectationFailure`` that reads:
///
/// ```text
/// expected: nothing is leaked; scope import is still open, opened at ImportTests.swift:31;
/// Orders#1 is still there, in scope import, bound at Shop.swift:9; Database#2 is still there, in scope import, bound at Shop.swift:8
/// ```
///
/// - Parameters:
///   - container: what must be as it was. What other tasks do to it meanwhile counts too.
///   - except: labels of what may be left, as `LiveResource.label` gives them.
///   - body: the code that is tested. To look at what it leaves behind when it fails, catch its error inside.
/// - Returns: what `body` returns.
/// - Throws: what `body` throws; ``ExpectationFailure`` if something is left.
@discardableResult
public nonisolated(nonsending) func expectNoLeaks<Result>(
    in container: Container,
    except: Set<String> = [],
    _ body: nonisolated(nonsending) () async throws -> Result
) async throws -> Result {
    let record = LifecycleRecord(of: container)
    let result = try await body()
    try record.expectNothingLeaked(except: except, allowsSingletons: true)
    return result
}

/// ``expectNoLeaks(in:except:_:)`` of synchronous code.
@available(*, noasync)
@_disfavoredOverload
@discardableResult
public func expectNoLeaks<Result>(in container: Container, except: Set<String> = [], _ body: () throws -> Result) throws -> Result {
    let record = LifecycleRecord(of: container)
    let result = try body()
    try record.expectNothingLeaked(except: except, allowsSingletons: true)
    return result
}

/// Runs `body`, in which exactly these resources are to be disposed, in this order.
///
/// ```swift
/// try await expectDisposal(in: container, order: ["Orders", "Database"]) {
///     try await container.withScope { _ = try await $0.get(Orders.self) }
/// }
/// ```
///
/// passes, since `Orders` depends on `Database`; with `["Database", "Orders"]` it throws an ``ExpectationFailure`` that reads:
///
/// ```text
/// expected: disposed in this order: Database, Orders; it was Orders, Database
/// ```
///
/// - Parameters:
///   - container: where they live.
///   - order: the labels of their bindings, as `LiveResource.label` gives them; one for each instance.
///   - body: the code that is tested.
/// - Returns: what `body` returns.
/// - Throws: what `body` throws; ``ExpectationFailure`` if others were disposed, or in another order.
@discardableResult
public nonisolated(nonsending) func expectDisposal<Result>(
    in container: Container,
    order: [String],
    _ body: nonisolated(nonsending) () async throws -> Result
) async throws -> Result {
    let record = LifecycleRecord(of: container)
    let result = try await body()
    try record.expectDisposed(order)
    return result
}

/// ``expectDisposal(in:order:_:)`` of synchronous code.
@available(*, noasync)
@_disfavoredOverload
@discardableResult
public func expectDisposal<Result>(in container: Container, order: [String], _ body: () throws -> Result) throws -> Result {
    let record = LifecycleRecord(of: container)
    let result = try body()
    try record.expectDisposed(order)
    return result
}

/// Runs `body`, during which no more than `most` instances of a binding are to be active at a time: being made, in use, or being disposed.
/// Those that were active before count, too.
///
/// ```swift
/// try await expectAtMost(3, of: "Database", in: container) {
///     try await handleHundredRequests()
/// }
/// ```
///
/// throws, if every request opens a database of its own, an ``ExpectationFailure`` that reads:
///
/// ```text
/// expected: at most 3 of Database at a time; there were 100
/// ```
///
/// - Parameters:
///   - most: how many there may be.
///   - label: the label of their binding, as `LiveResource.label` gives it. What a pool makes is limited by the pool's own `maximum`.
///   - container: where they live.
///   - body: the code that is tested.
/// - Returns: what `body` returns.
/// - Throws: what `body` throws; ``ExpectationFailure`` if there were more, or if no binding is called so.
@discardableResult
public nonisolated(nonsending) func expectAtMost<Result>(
    _ most: Int,
    of label: String,
    in container: Container,
    _ body: nonisolated(nonsending) () async throws -> Result
) async throws -> Result {
    let record = LifecycleRecord(of: container)
    let result = try await body()
    try record.expectAtMost(most, of: label)
    return result
}

/// ``expectAtMost(_:of:in:_:)`` of synchronous code.
@available(*, noasync)
@_disfavoredOverload
@discardableResult
public func expectAtMost<Result>(_ most: Int, of label: String, in container: Container, _ body: () throws -> Result) throws -> Result {
    let record = LifecycleRecord(of: container)
    let result = try body()
    try record.expectAtMost(most, of: label)
    return result
}
