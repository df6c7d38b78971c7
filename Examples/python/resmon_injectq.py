"""Shows an InjectQ container in resmon. Tested with injectq 0.5.0, whose scopes have no hooks: this file wraps them.

    from injectq import InjectQ
    from resmon_feed import Feed
    from resmon_injectq import watch

    container = InjectQ()
    feed = Feed("shop").start()
    watch(container, feed)

Scopes of `container.scope(...)` and `container.async_scope(...)` are scopes in resmon; singletons belong to the outermost one. InjectQ disposes
nothing. An instance counts as disposed when the program calls its close method, and when its scope ends if it has none. An instance with a close
method that was not called is left behind: resmon shows it as a finding.

InjectQ 0.5.0 creates what `container.aget(...)` returns for a bound class without a scope, so those instances are not seen.
"""

import asyncio
import contextlib
import contextvars
import functools
import inspect
import itertools
import time
import weakref

#: The names of methods that end an instance.
CLOSERS = ("close", "aclose", "dispose", "shutdown", "disconnect")


def watch(container, feed):
    """Reports the scopes and instances of an InjectQ container to a feed. To be called before the first instance is created."""
    manager = container._scope_manager
    watcher = _Watcher(feed)
    manager.scope_context = watcher.scope_context(manager.scope_context)
    if hasattr(manager, "async_scope_context"):
        manager.async_scope_context = watcher.async_scope_context(manager.async_scope_context)
    for scope in manager._scopes.values():
        watcher.wrap(scope)
    register = manager.register_scope

    @functools.wraps(register)
    def register_scope(scope):
        watcher.wrap(scope)
        register(scope)

    manager.register_scope = register_scope


class _Watcher:
    def __init__(self, feed):
        self._feed = feed
        self._numbers = itertools.count(1)
        # The open scopes of this task or thread, as pairs of InjectQ's name and that in the feed, and the instances that are being created.
        self._scopes = contextvars.ContextVar("resmon_injectq_scopes", default=())
        self._making = contextvars.ContextVar("resmon_injectq_making", default=())
        # The names of the instances that are alive, by identity, and whether each can be closed.
        self._names = {}
        self._closable = {}
        self._owned = {}
        # The methods of classes that are wrapped.
        self._wrapped = set()

    # Scopes

    def scope_context(self, original):
        @functools.wraps(original)
        @contextlib.contextmanager
        def wrapped(name):
            with self._scope(name), original(name):
                yield

        return wrapped

    def async_scope_context(self, original):
        @functools.wraps(original)
        @contextlib.asynccontextmanager
        async def wrapped(name):
            with self._scope(name):
                async with original(name):
                    yield

        return wrapped

    @contextlib.contextmanager
    def _scope(self, name):
        label = f"{name}-{next(self._numbers)}"
        with self._feed.scope(label, tag=name):
            token = self._scopes.set((*self._scopes.get(), (name, label)))
            try:
                yield
            finally:
                self._scopes.reset(token)
                # What has no close method is over with its scope. What has one and was not closed is left behind by the close of the scope.
                for instance in self._owned.pop(label, []):
                    if self._closable.pop(instance, True) is False:
                        self._feed.disposed(instance)

    def _label(self, scope):
        """The scope in the feed that owns an instance of a scope of InjectQ."""
        if scope == "singleton":
            return self._feed.root
        open_scopes = self._scopes.get()
        if scope == "transient":
            return open_scopes[-1][1] if open_scopes else self._feed.root
        return next((label for name, label in reversed(open_scopes) if name == scope), self._feed.root)

    # Instances

    def wrap(self, scope):
        """Wraps the factories of a scope of InjectQ."""
        get, aget = scope.get, scope.aget

        @functools.wraps(get)
        def wrapped_get(key, factory):
            return self._needed(get(key, functools.partial(self._make, scope.name, key, factory)))

        @functools.wraps(aget)
        async def wrapped_aget(key, factory):
            return self._needed(await aget(key, functools.partial(self._make, scope.name, key, factory)))

        scope.get, scope.aget = wrapped_get, wrapped_aget

    def _make(self, scope, key, factory):
        name = self._feed.make(getattr(key, "__name__", str(key)), self._label(scope))
        began, needs = time.monotonic(), []
        token = self._making.set((*self._making.get(), needs))
        try:
            instance = factory()
        except BaseException as error:
            self._feed.failed(name, error)
            raise
        finally:
            self._making.reset(token)
        if asyncio.iscoroutine(instance):
            return self._awaited(name, instance, began, needs)
        return self._made(name, instance, began, needs)

    async def _awaited(self, name, coroutine, began, needs):
        token = self._making.set((*self._making.get(), needs))
        try:
            instance = await coroutine
        except BaseException as error:
            self._feed.failed(name, error)
            raise
        finally:
            self._making.reset(token)
        return self._made(name, instance, began, needs)

    def _made(self, name, instance, began, needs):
        self._feed.ready(name, time.monotonic() - began, needs)
        self._names[id(instance)] = name
        self._closable[name] = self._wrap_closers(name, instance)
        scope = self._feed._instances[name]["make"]["in"]
        if scope != self._feed.root:
            self._owned.setdefault(scope, []).append(name)
        with contextlib.suppress(TypeError):
            weakref.finalize(instance, self._collected, id(instance), name).atexit = False
        return instance

    def _needed(self, instance):
        """An instance was resolved, by the program or for an instance that is being created."""
        name, making = self._names.get(id(instance)), self._making.get()
        if name and making and name not in making[-1]:
            making[-1].append(name)
        return instance

    def _wrap_closers(self, name, instance):
        """Reports the end of an instance when its close method returns. Returns whether it has one."""
        wrapped = [self._wrap_closer(name, instance, closer) for closer in CLOSERS if callable(getattr(instance, closer, None))]
        # An instance whose close cannot be seen counts as one without a close method.
        return any(wrapped)

    def _wrap_closer(self, name, instance, closer):
        """Wraps a method of an instance, or of its class if the instance accepts no attribute. Returns whether that succeeded."""
        try:
            setattr(instance, closer, self._closer(lambda arguments: name, getattr(instance, closer)))
            return True
        except (AttributeError, TypeError):
            pass
        kind = type(instance)
        if (kind, closer) in self._wrapped:
            return True
        try:
            setattr(kind, closer, self._closer(lambda arguments: self._names.get(id(arguments[0])), getattr(kind, closer)))
        except (AttributeError, TypeError):
            return False
        self._wrapped.add((kind, closer))
        return True

    def _closer(self, name_of, original):
        def ended(arguments, began, error=None):
            name = name_of(arguments)
            if name and self._ended(name):
                self._feed.disposed(name, time.monotonic() - began, error)

        if inspect.iscoroutinefunction(original):

            @functools.wraps(original)
            async def wrapped(*arguments, **options):
                began = time.monotonic()
                try:
                    result = await original(*arguments, **options)
                except BaseException as error:
                    ended(arguments, began, error)
                    raise
                ended(arguments, began)
                return result

        else:

            @functools.wraps(original)
            def wrapped(*arguments, **options):
                began = time.monotonic()
                try:
                    result = original(*arguments, **options)
                except BaseException as error:
                    ended(arguments, began, error)
                    raise
                ended(arguments, began)
                return result

        return wrapped

    def _ended(self, name):
        """An instance ends. Returns whether it had not ended before."""
        return self._closable.pop(name, None) is not None

    def _collected(self, identity, name):
        """Python has freed an instance. Its scope may be open."""
        if self._names.get(identity) == name:
            del self._names[identity]
        is_closable = self._closable.get(name)
        if self._ended(name):
            if is_closable:
                self._feed.abandoned(name, 0)
            else:
                self._feed.disposed(name)
