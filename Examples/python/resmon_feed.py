"""A feed for resmon: shows the scopes, instances, and pools of a Python program in `resmon attach` and `resmon watch`.

This file needs Python 3.9 or later and nothing else. Copy it into a program:

    from resmon_feed import Feed

    with Feed("shop") as feed:                     # `resmon attach shop` in another terminal
        with feed.scope("request-1", tag="request"):
            database = feed.make("Database")
            feed.ready(database)
            ...
            feed.disposed(database)

`Feed("shop", output=sys.stdout)` writes the lines to standard output instead: `python shop.py | resmon watch -`.
docs/feed-format.md of resmon describes the lines.

Every method can be called from any thread. No method raises or blocks because of a client: a client that reads too slowly misses lines, which
the feed states, and then receives a description of everything that exists. A process that the program forks has no clients.
"""

import atexit
import collections
import contextlib
import contextvars
import fcntl
import functools
import itertools
import json
import logging
import os
import secrets
import socket
import stat
import struct
import sys
import threading
import time
import weakref

#: The largest number of items of a pool without a limit.
UNLIMITED = 1_000_000_000

_log = logging.getLogger("resmon")


class Feed:
    """The lines about one container: a dictionary of what is alive, and a bounded queue for each client."""

    #: The largest number of clients of a socket.
    CLIENTS = 16
    #: The time between two signs of life, in seconds.
    BEAT = 1.0
    #: The time for which a client may read nothing, in seconds.
    PATIENCE = 60.0

    def __init__(self, container, *, output=None, on_close=None, root="app", uses=False, capacity=10_000, directory=None):
        """Creates a feed that is not started.

        container: the name of the container.
        output:    a text file for the lines, such as sys.stdout; None serves them at a socket that resmon finds.
        on_close:  called as on_close(scope, force) when a client requests to close a scope; it raises to refuse. None accepts no requests.
        root:      the name of the outermost scope.
        uses:      whether the program calls use(). Otherwise resmon does not report instances as never used.
        capacity:  the number of lines that wait for a client before it misses lines.
        directory: the folder of the socket; None for the usual ones.
        """
        self.container = container
        self.root = root
        #: The reason why no client can attach; None if clients can.
        self.problem = None
        #: The path of the socket; None without one.
        self.path = None
        self._output = output
        self._on_close = on_close
        self._uses = uses
        self._capacity = capacity
        self._directory = directory
        self._started = time.time()
        self._instance = secrets.token_hex(8)
        self._lock = threading.RLock()
        self._current = contextvars.ContextVar("resmon_scope", default=None)
        self._clients = []
        self._listener = None
        self._is_over = False
        self._numbers = collections.Counter()
        # What is alive, as the fields of its lines. Dictionaries keep the order.
        # The fields of an instance are replaced, never changed, so that a copy of a dictionary is a description.
        self._types = {}
        self._scopes = {}
        self._instances = {}
        self._pools = {}
        # The names of the scopes and of the instances in each scope.
        self._inner = collections.defaultdict(dict)
        self._owned = collections.defaultdict(dict)
        # What has ended.
        self._past = {}
        self._closed = collections.Counter()

    # Starting and ending

    def start(self):
        """Begins to serve, or to write. Does not raise: `problem` states why no client can attach, and a line of the log does, too."""
        if self._output is not None:
            self._add(_OutputClient(self, self._output))
        elif os.environ.get("RESMON_ATTACH") != "off":
            try:
                self._listener, self.path = _listen(self._directory)
                threading.Thread(target=self._accept, name="resmon", daemon=True).start()
            except OSError as error:
                self.problem = str(error)
                _log.warning("no client can attach to the container %s: %s", self.container, error)
        atexit.register(self.stop)
        os.register_at_fork(after_in_child=functools.partial(_forked, weakref.ref(self)))
        return self

    def stop(self, reason=None):
        """Ends the feed with a reason for users, and waits up to two seconds until clients have read it."""
        with self._lock:
            if self._is_over:
                return
            self._is_over = True
            clients = list(self._clients)
            end = _line({"end": reason or "the program ended", "at": time.time()})
        for client in clients:
            client.finish(end)
        deadline = time.monotonic() + 2
        for client in clients:
            client.thread.join(max(0.0, deadline - time.monotonic()))
        if self._listener is not None:
            self._listener.close()
            with contextlib.suppress(OSError):
                os.unlink(self.path)

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, error, traceback):
        self.stop()

    # Scopes

    def open(self, name, parent=None, tag=None, **place):
        """A scope opened, in another one; in the current scope of this task by default. `file` and `line` name its place in the code."""
        with self._lock:
            fields = {"open": name, "in": parent or self.current(), "tag": tag, "at": time.time(), **place}
            self._scopes[name] = fields
            self._inner[fields["in"]][name] = True
            self._record(fields)

    def closing(self, name):
        """A scope begins to close."""
        self._record({"closing": name})

    def close(self, name, outcome=None, error=None):
        """A scope closed. `outcome` is "returned", "threw" with an error, or "canceled".

        Instances in it that have not ended count as left behind, in resmon as here.
        """
        with self._lock:
            fields = {"close": name, "outcome": outcome}
            if error is not None:
                fields.update(outcome="threw", type=type(error).__name__, text=str(error))
            # A scope that is not open is no further closed scope.
            if name in self._scopes and name != self.root:
                self._closed[fields["outcome"] or "none"] += 1
            self._forget(name)
            self._record(fields)

    def _forget(self, scope):
        """Removes a scope with everything inside it, as resmon does."""
        inside = [scope]
        for outer in inside:
            inner = self._inner.pop(outer, ())
            self._closed["none"] += len(inner)
            inside.extend(inner)
        for name in reversed(inside):
            for instance in self._owned.pop(name, ()):
                self._end(instance, "abandonments" if _is_ready(self._instances[instance]) else "failures", is_error=True)
            fields = self._scopes.pop(name, None)
            if fields is not None and fields["in"] in self._inner:
                self._inner[fields["in"]].pop(name, None)
                if not self._inner[fields["in"]]:
                    del self._inner[fields["in"]]

    @contextlib.contextmanager
    def scope(self, name, tag=None, parent=None):
        """Opens a scope, which is the current one of the body, and closes it with the outcome of the body. Yields the name."""
        self.open(name, parent, tag)
        token = self._current.set(name)
        try:
            yield name
        except BaseException as error:
            is_canceled = type(error).__name__ in ("CancelledError", "GeneratorExit")
            self.close(name, "canceled" if is_canceled else "threw", None if is_canceled else error)
            raise
        else:
            self.close(name, "returned")
        finally:
            self._current.reset(token)

    def current(self):
        """The current scope of this task or thread: that of the innermost scope()."""
        return self._current.get() or self.root

    # Instances

    def bind(self, type_name, lifetime=None, file=None, line=None):
        """States the lifetime of a type ("singleton", "scoped", or "transient"), and its place in the code."""
        with self._lock:
            self._types[type_name] = {"bind": type_name, "lifetime": lifetime, "file": file, "line": line}
            self._record(self._types[type_name])

    def make(self, type_name, scope=None, needs=(), name=None):
        """The creation of an instance started. Returns the name of the instance."""
        with self._lock:
            self._numbers[type_name] += 1
            name = name or f"{type_name}-{self._numbers[type_name]}"
            fields = {"make": type_name, "id": name, "in": scope or self.current(), "needs": list(needs), "at": time.time()}
            self._end(name)
            self._instances[name] = {"make": fields}
            self._owned[fields["in"]][name] = True
            self._record(fields)
            return name

    def ready(self, name, took=None, needs=()):
        """An instance is ready. `took` is in seconds; without it, resmon computes it."""
        with self._lock:
            fields = {"ready": name, "took": took, "needs": list(needs), "at": time.time()}
            self._set(name, "ready", fields)
            self._record(fields)

    def failed(self, name, error, took=None):
        """The creation of an instance failed."""
        with self._lock:
            self._end(name, "failures", is_error=True)
            self._record({"failed": name, "text": _text(error), "took": took})

    def error(self, name, error):
        """An instance reported an error and continues to exist."""
        with self._lock:
            if name in self._instances:
                self._past_of(self._instances[name]["make"]["make"])["errors"] += 1
            self._record({"error": name, "text": _text(error)})

    def disposing(self, name):
        """The dispose of an instance started."""
        self._record({"disposing": name})

    def disposed(self, name, took=None, error=None):
        """The dispose of an instance finished, or threw `error`."""
        with self._lock:
            is_ready = _is_ready(self._instances.get(name, {}))
            self._end(name, "disposals" if is_ready else "failures", is_error=error is not None or not is_ready)
            self._record({"disposed": name, "took": took, "threw": None if error is None else _text(error)})

    def abandoned(self, name, budget=None):
        """The program no longer waits for a step of an instance, or drops it without a dispose."""
        with self._lock:
            self._end(name, "abandonments", is_error=True)
            self._record({"abandoned": name, "budget": budget})

    def health(self, name, status, text=None, took=None):
        """The result of a health check: "healthy", "degraded", "unhealthy", "unknown", or "error"."""
        with self._lock:
            fields = {"health": name, "is": status, "text": text, "took": took, "at": time.time()}
            self._set(name, "health", fields)
            self._record(fields)

    def use(self, name, times):
        """An instance was used `times` times so far."""
        with self._lock:
            fields = {"use": name, "times": times}
            self._set(name, "use", fields)
            self._record(fields)

    def pool(self, name, *, max, used, idle, waiting=0, created=None, leases=None, timeouts=None):
        """The state of a pool. A pool that was not made with make() is an instance with this name in the outermost scope.

        `max` is None for a pool without a limit.
        """
        with self._lock:
            if name not in self._instances:
                self.make(name, self.root, name=name)
                self.ready(name, 0)
            fields = {"pool": name, "max": UNLIMITED if max is None else max, "used": used, "idle": idle, "waiting": waiting}
            fields.update(created=created, leases=leases, timeouts=timeouts)
            self._pools[name] = fields
            self._record(fields)

    def note(self, text, scope=None):
        """A text for the event log."""
        self._record({"note": text, "in": scope})

    def _set(self, name, kind, fields):
        if name in self._instances:
            self._instances[name] = {**self._instances[name], kind: fields}

    def _end(self, name, figure=None, is_error=False):
        """Removes an instance, and counts its end as one figure."""
        instance = self._instances.pop(name, None)
        if instance is None:
            return
        self._pools.pop(name, None)
        owner = instance["make"]["in"]
        if owner in self._owned:
            self._owned[owner].pop(name, None)
            if not self._owned[owner]:
                del self._owned[owner]
        if figure is None:
            return
        past = self._past_of(instance["make"]["make"])
        past[figure] += 1
        past["errors"] += is_error

    def _past_of(self, type_name):
        return self._past.setdefault(type_name, collections.Counter())

    # Lines

    def _record(self, fields):
        """Queues a line for each client."""
        with self._lock:
            if self._is_over or not self._clients:
                return
            line = _line({**fields, "at": fields.get("at") or time.time()})
            for client in self._clients:
                client.put(line)

    def _header(self):
        return {
            "resmon": 1, "container": self.container, "language": "python", "program": os.path.basename(sys.argv[0]) or "python",
            "pid": os.getpid(), "uid": os.geteuid(), "host": socket.gethostname(), "instance": self._instance, "started": self._started,
            "root": self.root, "may": ["close"] if self._on_close and self._output is None else [], "state": True, "uses": self._uses,
            "at": time.time(),
        }  # fmt: skip

    def _description(self):
        """What exists, as arguments of _described. Called with the lock, and copies only references."""
        closed = {"closed": sum(self._closed.values()), **{name: self._closed[name] for name in ("returned", "threw", "canceled")}}
        past = [{"past": name, **past} for name, past in self._past.items()]
        return (
            list(self._types.values()), past, closed, list(self._scopes.values()), dict(self._instances), list(self._pools.values()),
            time.time(),
        )  # fmt: skip

    def _add(self, client):
        with self._lock:
            if self._is_over or len(self._clients) >= self.CLIENTS:
                client.refuse()
                return
            # A client that is added between two lines misses none and receives none twice.
            client.begin(_line(self._header()), self._description())
            self._clients.append(client)
            client.start()

    def _remove(self, client):
        with self._lock, contextlib.suppress(ValueError):
            self._clients.remove(client)

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if _is_allowed(connection):
                self._add(_SocketClient(self, connection))
            else:
                connection.close()

    def _request(self, line):
        """Carries out the request of a client and returns the line of the answer; None for a line that is no request to close a scope."""
        try:
            request = json.loads(line)
            number = int(request["id"])
            if request["do"] != "close" or self._on_close is None:
                return None
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            return None
        try:
            with self._lock:
                if request.get("scope") not in self._scopes:
                    raise LookupError(f"no scope {request.get('scope')} is open")
            self._on_close(request["scope"], bool(request.get("force")))
            return {"answer": number}
        except Exception as error:
            return {"answer": number, "refused": _text(error)}


class _Client:
    """A reader of the feed: a bounded queue, and the thread that writes it."""

    def __init__(self, feed, name):
        self._feed = feed
        self._condition = threading.Condition(feed._lock)
        self._lines = collections.deque()
        #: A description to write before the lines.
        self._description = None
        self._missed = 0
        #: The last line, and whether it is written.
        self._end = None
        self._is_finished = False
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self):
        self.thread.start()

    def begin(self, header, description):
        self._header = header
        self._description = description

    def put(self, line):
        """Queues a line, or drops it. Called with the lock of the feed."""
        if self._missed or len(self._lines) >= self._feed._capacity:
            self._missed += 1
            return
        self._lines.append(line)
        self._condition.notify()

    def finish(self, end):
        with self._condition:
            self._end = end
            self._condition.notify()

    def _next(self):
        """The next pieces of bytes to write; None at the end."""
        with self._condition:
            if not self._lines and not self._missed and not self._end and not self._is_finished:
                self._condition.wait(Feed.BEAT)
            if self._lines:
                lines, self._lines = self._lines, collections.deque()
                return [b"".join(lines)]
            if self._missed:
                missed, self._missed = self._missed, 0
                description = self._feed._description()
            elif self._end:
                end, self._end, self._is_finished = self._end, None, True
                return [end]
            else:
                return None if self._is_finished else [_line({"beat": True, "at": time.time()})]
        return itertools.chain([_line({"missed": missed, "at": time.time()})], _described(*description))

    def _run(self):
        with contextlib.suppress(OSError, ValueError):
            # A description is encoded without the lock, so that the program does not wait for it.
            pieces = itertools.chain([self._header], _described(*self._description))
            self._description = None
            while pieces is not None:
                for piece in pieces:
                    self.write(piece)
                pieces = self._next()
        self._feed._remove(self)
        self.close()


class _OutputClient(_Client):
    """The lines in a text file, such as standard output. The program may write to it, too: lines are written whole."""

    def __init__(self, feed, output):
        super().__init__(feed, "resmon-output")
        self._output = output

    def write(self, data):
        self._output.write(data.decode())
        self._output.flush()

    def refuse(self):
        pass

    def close(self):
        pass


class _SocketClient(_Client):
    """A connection of resmon, whose requests are read by another thread."""

    def __init__(self, feed, connection):
        super().__init__(feed, "resmon-client")
        connection.settimeout(Feed.PATIENCE)
        self._connection = connection
        self._reader = threading.Thread(target=self._read, name="resmon-requests", daemon=True)

    def start(self):
        super().start()
        self._reader.start()

    def write(self, data):
        self._connection.sendall(data)

    def refuse(self):
        self._connection.close()

    def close(self):
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()

    def _read(self):
        rest = b""
        with contextlib.suppress(OSError):
            while len(rest) <= 65_536:
                try:
                    data = self._connection.recv(65_536)
                except TimeoutError:
                    continue
                if not data:
                    return
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    answer = self._feed._request(line)
                    if answer is not None:
                        with self._feed._lock:
                            self._lines.append(_line(answer))
                            self._condition.notify()


def _described(types, past, closed, scopes, instances, pools, at):
    """The lines about everything that exists, in pieces, and the line after which lines report what happens."""

    def lines():
        yield from types
        yield from past
        yield closed
        yield from scopes
        for name, instance in instances.items():
            for fields in instance.values():
                needs = [needed for needed in fields.get("needs", ()) if needed in instances and needed != name]
                yield {**fields, "needs": needs} if "needs" in fields else fields
        yield from pools
        yield {"live": True, "at": at}

    rest = lines()
    while piece := b"".join(map(_line, itertools.islice(rest, 500))):
        yield piece


def _forked(reference):
    """In a forked process: the feed, its clients, and its socket belong to the parent."""
    feed = reference()
    if feed is None:
        return
    # Another thread of the parent may have held the lock.
    feed._lock = threading.RLock()
    feed._is_over = True
    feed._clients = []
    if feed._listener is not None:
        feed._listener.close()


def _is_ready(instance):
    """Whether the fields of an instance contain the line that it is ready."""
    return "ready" in instance


def _text(error):
    return f"{type(error).__name__}: {error}" if isinstance(error, BaseException) else str(error)


def _line(fields):
    """The bytes of a line. Fields without a value are left out."""
    present = {name: value for name, value in fields.items() if value is not None and value != []}
    # A text with half a surrogate pair, such as some names of files, is no Unicode text.
    return json.dumps(present, separators=(",", ":"), ensure_ascii=False, default=str).encode(errors="replace") + b"\n"


def _folders(directory):
    if directory:
        yield directory
    if os.environ.get("RESMON_SOCKET_DIR"):
        yield os.environ["RESMON_SOCKET_DIR"]
    first = os.environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
    if first:
        yield f"{first}/resmon"
    if os.environ.get("XDG_RUNTIME_DIR"):
        yield f"{os.environ['XDG_RUNTIME_DIR']}/resmon"
    yield f"/run/user/{os.geteuid()}/resmon"
    yield f"/tmp/resmon-{os.geteuid()}"


def _is_safe(folder):
    """Makes a folder that only this user can enter. Returns whether it is one."""
    try:
        with contextlib.suppress(FileExistsError):
            os.mkdir(folder, 0o700)
        status = os.lstat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and status.st_mode & 0o777 == 0o700


def _listen(directory):
    """A listening socket at the first place where resmon looks, and its path."""
    chosen = os.environ.get("RESMON_ATTACH", "")
    if chosen.startswith("unix://"):
        path = chosen[len("unix://") :].replace("{PID}", str(os.getpid()))
        return _bind(path), path
    for folder in _folders(directory):
        if not _is_safe(folder):
            continue
        # Servers hold this lock while they bind a socket.
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            for number in range(64):
                path = f"{folder}/{os.getpid()}-{number}.sock"
                with contextlib.suppress(_InUse):
                    return _bind(path), path
        finally:
            os.close(descriptor)
    raise OSError("no folder for its socket can be used")


class _InUse(Exception):
    """The socket of another container of this process."""


def _bind(path):
    if len(path.encode()) > 107:
        raise OSError(f"the path {path} is longer than 107 bytes")
    if os.path.exists(path):
        with socket.socket(socket.AF_UNIX) as other:
            if other.connect_ex(path) == 0:
                raise _InUse
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        listener.bind(path)
    except OSError:
        listener.close()
        raise
    finally:
        os.umask(before)
    listener.listen(16)
    return listener


def _is_allowed(connection):
    """Whether the client runs as this user or as root."""
    if not hasattr(socket, "SO_PEERCRED"):
        # The mode of the folder keeps other users out.
        return True
    _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return uid in (0, os.geteuid())
