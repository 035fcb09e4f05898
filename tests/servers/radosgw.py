"""A real S3 server from Debian's Ceph packages, in memory: one monitor, one store, one gateway.

The pretenders made for tests accept forged uploads and broken signatures; this one enforces what it signs,
and runs the rules of a bucket's life.
"""

import http.client
import shutil
import subprocess
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from script.supervisor.errors import RunError
from script.supervisor.processes import Child, Program

PROGRAMS = ("ceph", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin")
ACCESS_KEY = "doppel-tests"

# Days of a bucket's rules pass as seconds. The store must not enter its class into the crush map: at its
# first start it may do so before the map knows it, and die.
_CONFIGURATION = """\
[global]
fsid = {fsid}
mon initial members = a
mon host = v1:127.0.0.1:{monitor}
auth cluster required = none
auth service required = none
auth client required = none
mon allow pool size one = true
mon warn on pool no redundancy = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 4294967296
osd crush update on start = true
osd class update on start = false
run dir = {folder}/run
admin socket = {folder}/run/$name.asok
log file = {folder}/log/$name.log
mon data = {folder}/mon
osd data = {folder}/osd
public addr = 127.0.0.1
cluster addr = 127.0.0.1
rgw data = {folder}/rgw
[client.rgw]
rgw enable lc threads = false
rgw enable quota threads = false
rgw dynamic resharding = false
rgw thread pool size = 32
rgw frontends = beast endpoint=127.0.0.1:{port}
"""


def missing_programs() -> list[str]:
    """What must be installed first (Debian: ceph-mon ceph-osd radosgw ceph-common)."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


@dataclass(frozen=True)
class Radosgw:
    """One server in an empty folder of its own."""

    folder: Path
    port: int
    monitor: int
    secret: str

    def start(self, child: Callable[[Program], Child]) -> None:
        """Start the three daemons through `child`, which keeps them, and make the user."""
        if missing := missing_programs():
            raise RunError(
                f"Missing for the S3 server: {', '.join(missing)} (Debian: ceph-mon ceph-osd radosgw)."
            )
        fsid, store = str(uuid.uuid4()), str(uuid.uuid4())
        self._configure(fsid)
        self._start_monitor(fsid, child)
        self._run("ceph", "osd", "new", store, "0")
        self._run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", store)
        gateway = child(self._daemon("radosgw", "-n", "client.rgw", "-f"))
        self._await_answer(gateway, child)
        self._run(
            *("radosgw-admin", "user", "create", "--uid=tests", "--display-name=tests"),
            *(f"--access-key={ACCESS_KEY}", f"--secret-key={self.secret}"),
        )

    def _configure(self, fsid: str) -> None:
        for name in ("mon", "osd", "log", "run", "rgw"):
            (self.folder / name).mkdir()
        text = _CONFIGURATION.format(fsid=fsid, monitor=self.monitor, port=self.port, folder=self.folder)
        self._file.write_text(text)

    def _start_monitor(self, fsid: str, child: Callable[[Program], Child]) -> None:
        monmap = str(self.folder / "monmap")
        address = f"[v1:127.0.0.1:{self.monitor}]"
        self._run("monmaptool", "--create", "--fsid", fsid, "--addv", "a", address, monmap, configured=False)
        self._run("ceph-mon", "--mkfs", "-i", "a", "--monmap", monmap)
        child(self._daemon("ceph-mon", "-i", "a", "-f"))

    @property
    def _file(self) -> Path:
        return self.folder / "ceph.conf"

    @property
    def _log(self) -> Path:
        return self.folder / "orders.log"

    def _daemon(self, name: str, *options: str) -> Program:
        log = self.folder / f"{name}.log"
        # The gateway is slow to leave a monitor that is gone; nothing of it is worth waiting for.
        return Program(name, [name, "-c", str(self._file), *options], log, patience=2)

    def _run(self, name: str, *options: str, configured: bool = True) -> None:
        command = [name, *(("-c", str(self._file)) if configured else ()), *options]
        with self._log.open("ab") as log:
            try:
                subprocess.run(
                    command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, timeout=60, check=True
                )
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
                raise RunError(f"The S3 server did not start: {name} failed.", self._log) from error

    def _await_answer(self, gateway: Child, child: Callable[[Program], Child]) -> None:
        """The store may connect before the monitor knows its own cluster, and ends then: it is started again."""
        deadline = time.monotonic() + 90
        store = child(self._daemon("ceph-osd", "-i", "0", "-f"))
        while not answers(self.port):
            if store.exit_status is not None:
                store = child(store.program)
            if gateway.exit_status is not None or time.monotonic() > deadline:
                raise RunError("The S3 server did not start.", gateway.program.log)
            time.sleep(0.1)


def answers(port: int) -> bool:
    """Whether somebody speaks HTTP there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
