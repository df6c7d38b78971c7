import ResourceContainer

// Block expectations check a ``LifecycleRecord`` of everything that happens in a container while a block runs. If the block throws, its
// error is rethrown unchanged and no expectation is checked. Otherwise the block's result is returned. `fileID`, `filePath` and `line` are
// those of the call: see ``ExpectationFailure/location``.

/// Runs `body` and throws if it leaks anything in `container`: an open scope, an active instance, or a lease that was not released.
///
/// Scopes, instances and leases that existed before the call may remain. Singletons that `body` creates may remain until the container is
/// closed.
/// ```swift
/// try await expectNoLeaks(in: container) {
///     let scope = try container.openScope("import")
///     let orders = try await scope.get(Orders.self)
///     try await orders.load(file)                  // the scope is never closed
/// }
/// ```
///
/// throws an ``ExpectationFailure`` with this description:
///
/// ```text
/// ImportTests.swift:30: expected: nothing is leaked; scope import is still open, opened at ImportTests.swift:31;
/// Orders#1 is still active, in scope import, bound at Shop.swift:9; Database#2 is still active, in scope import, bound at Shop.swift:8
/// ```
///
/// - Parameters:
///   - container: the container to check. Changes that other tasks make while `body` runs also count.
///   - except: labels of bindings whose instances may remain, as in `LiveResource.label`.
///   - fileID: the file of the call, filled in by the compiler.
///   - filePath: the path of that file, filled in by the compiler.
///   - line: the line of the call, filled in by the compiler.
///   - body: the code under test. To check for leaks on a failure path, catch the error inside the body.
/// - Returns: the result of `body`.
/// - Throws: the error of `body`; ``ExpectationFailure`` if something is leaked.
@discardableResult
public nonisolated(nonsending) func expectNoLeaks<Result>(
    in container: Container,
    except: Set<String> = [],
    fileID: String = #fileID,
    filePath: String = #filePath,
    line: UInt = #line,
    _ body: nonisolated(nonsending) () async throws -> Result
) async throws -> Result {
    let record = LifecycleRecord(of: container)
    let result = try await body()
    try record.expectNothingLeaked(except: except, allowsSingletons: true, fileID: fileID, filePath: filePath, line: line)
    return result
}

/// The synchronous form of ``expectNoLeaks(in:except:fileID:filePath:line:_:)``.
@available(*, noasync)
@_disfavoredOverload
@discardableResult
public func expectNoLeaks<Result>(
    in container: Container,
    except: Set<String> = [],
    fileID: String = #fileID,
    filePath: String = #filePath,
    line: UInt = #line,
    _ body: () throws -> Result
) throws -> Result {
    let record = LifecycleRecord(of: container)
    let result = try body()
    try record.expectNothingLeaked(except: except, allowsSingletons: true, fileID: fileID, filePath: filePath, line: line)
    return result
}

/// Runs `body` and throws unless exactly the given resources are disposed, in the given order.
///
/// ```swift
/// try await expectDisposal(in: container, order: ["Orders", "Database"]) {
///     try await container.withScope { _ = try await $0.get(Orders.self) }
/// }
/// ```
///
/// passes, because `Orders` depends on `Database`. With `["Database", "Orders"]` it throws an ``ExpectationFailure`` with this description:
///
/// ```text
/// OrderTests.swift:12: expected: disposed in this order: Database, Orders; it was Orders, Database
/// ```
///
/// - Parameters:
///   - container: the container to check.
///   - order: the expected binding labels, as in `LiveResource.label`, one for each disposed instance.
///   - fileID: the file of the call, filled in by the compiler.
///   - filePath: the path of that file, filled in by the compiler.
///   - line: the line of the call, filled in by the compiler.
///   - body: the code under test.
/// - Returns: the result of `body`.
/// - Throws: the error of `body`; ``ExpectationFailure`` if other instances were disposed, or the order differs.
@discardableResult
public nonisolated(nonsending) func expectDisposal<Result>(
    in container: Container,
    order: [String],
    fileID: String = #fileID,
    filePath: String = #filePath,
    line: UInt = #line,
    _ body: nonisolated(nonsending) () async throws -> Result
) async throws -> Result {
    let record = LifecycleRecord(of: container)
    let result = try await body()
    try record.expectDisposed(order, fileID: fileID, filePath: filePath, line: line)
    return result
}

/// The synchronous form of ``expectDisposal(in:order:fileID:filePath:line:_:)``.
@available(*, noasync)
@_disfavoredOverload
@discardableResult
public func expectDisposal<Result>(
    in container: Container,
    order: [String],
    fileID: String = #fileID,
    filePath: String = #filePath,
    line: UInt = #line,
    _ body: () throws -> Result
) throws -> Result {
    let record = LifecycleRecord(of: container)
    let result = try body()
    try record.expectDisposed(order, fileID: fileID, filePath: filePath, line: line)
    return result
}

/// Runs `body` and throws if more than `most` instances of a binding are active at the same time.
///
/// An instance is active while it is initializing, ready or disposing. Instances that were active before the call also count.
///
/// ```swift
/// try await expectAtMost(3, of: "Database", in: container) {
///     try await handleHundredRequests()
/// }
/// ```
///
/// throws, if every request opens its own database, an ``ExpectationFailure`` with this description:
///
/// ```text
/// OrderTests.swift:12: expected: at most 3 of Database at a time; there were 100
/// ```
///
/// - Parameters:
///   - most: the largest number of instances that may be active at the same time.
///   - label: the label of the binding, as in `LiveResource.label`. Pool items are not counted: the pool's `maximum` limits them.
///   - container: the container to check.
///   - fileID: the file of the call, filled in by the compiler.
///   - filePath: the path of that file, filled in by the compiler.
///   - line: the line of the call, filled in by the compiler.
///   - body: the code under test.
/// - Returns: the result of `body`.
/// - Throws: the error of `body`; ``ExpectationFailure`` if more instances were active, or if no binding has this label.
@discardableResult
public nonisolated(nonsending) func expectAtMost<Result>(
    _ most: Int,
    of label: String,
    in container: Container,
    fileID: String = #fileID,
    filePath: String = #filePath,
    line: UInt = #line,
    _ body: nonisolated(nonsending) () async throws -> Result
) async throws -> Result {
    let record = LifecycleRecord(of: container)
    let result = try await body()
    try record.expectAtMost(most, of: label, fileID: fileID, filePath: filePath, line: line)
    return result
}

/// The synchronous form of ``expectAtMost(_:of:in:fileID:filePath:line:_:)``.
@available(*, noasync)
@_disfavoredOverload
@discardableResult
public func expectAtMost<Result>(
    _ most: Int,
    of label: String,
    in container: Container,
    fileID: String = #fileID,
    filePath: String = #filePath,
    line: UInt = #line,
    _ body: () throws -> Result
) throws -> Result {
    let record = LifecycleRecord(of: container)
    let result = try body()
    try record.expectAtMost(most, of: label, fileID: fileID, filePath: filePath, line: line)
    return result
}
