#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Starts one machine, watches it, says how it ended. Used by make run, the target tests and bench.

    from qemu import Machine
    result = Machine("build/systems/demo", pes=4, arguments=["demo"], timeout=60).run()
    result.clean, result.status, result.hung, result.console, result.secure, result.client

A run leaves its files in a folder of its own (console.log: UART0, secure.log: secure UART1,
client.log: what the normal world wrote by semihosting, qemu.log). A machine that does not end in
time is asked where its PEs are, and then ended: by its process id, never by name.
"""

import argparse
import dataclasses
import json
import pathlib
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
QEMU = ROOT / "build" / "qemu" / "qemu-system-aarch64"
CPU = "max,pauth-impdef=on,sme=on"
HANG = 124  # exit status of the command line when the machine did not end in time


@dataclasses.dataclass
class Result:
    """How a machine ended. status is QEMU's: 0, or the code of the normal world's SYS_EXIT."""

    status: int
    reason: str  # "guest-shutdown" (PSCI SYSTEM_OFF), "guest-reset", "exit" (semihosting), ...
    hung: bool
    seconds: float
    console: str
    secure: str
    client: str
    where: str  # registers of all PEs, when it hung
    errors: str  # what QEMU itself said
    command: list
    folder: pathlib.Path

    @property
    def clean(self):
        """The guest switched itself off, or left with code 0."""
        return not self.hung and self.status == 0 and self.reason in ("guest-shutdown", "exit")

    def verdict(self):
        if self.hung:
            return f"no end after {self.seconds:.0f} s: ended by the launcher"
        if self.reason == "guest-reset":
            return "the machine was reset instead of switched off"
        if self.reason == "exit":
            return f"the guest left with code {self.status}"
        if self.status != 0:
            return f"QEMU ended with status {self.status}: {self.errors.strip() or self.reason}"
        if self.reason == "guest-shutdown":
            return "clean power-off"
        return f"ended from outside ({self.reason})"

    def report(self, lines=60):
        """Text for a failure: verdict, the consoles' ends, where the PEs were."""
        parts = [f"--- {self.verdict()}"]
        for title, text in (
            ("console (UART0)", self.console),
            ("secure UART1", self.secure),
            ("client (semihosting)", self.client),
            ("PEs", self.where),
            ("QEMU", self.errors),
        ):
            if text.strip():
                tail = text.rstrip().splitlines()[-lines:]
                parts.append(f"--- {title}\n" + "\n".join(tail))
        return "\n".join(parts)


class Monitor:
    """QEMU's control socket: remembers why it shut down, and can ask a hung machine where it is."""

    def __init__(self, sock):
        self.sock = sock
        self.reason = None
        self.answers = {}
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        self._send({"execute": "qmp_capabilities"})

    def _send(self, message):
        try:
            self.sock.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            pass

    def _read(self):
        try:
            for line in self.sock.makefile("rb"):
                message = json.loads(line)
                with self.changed:
                    if message.get("event") == "SHUTDOWN":
                        self.reason = message["data"]["reason"]
                    if "id" in message:
                        self.answers[message["id"]] = message.get("return", "")
                        self.changed.notify_all()
        except (OSError, ValueError):
            pass

    def ask(self, command, timeout=5):
        key = f"{command}-{time.monotonic()}"
        self._send({"execute": "human-monitor-command", "arguments": {"command-line": command}, "id": key})
        with self.changed:
            self.changed.wait_for(lambda: key in self.answers, timeout)
        return self.answers.get(key, "")


def summarise_registers(text):
    """One line per PE out of `info registers -a`: PC, x0..x3, PSTATE."""
    lines, pe = [], "?"
    wanted = {}
    for line in text.replace("\r", "").splitlines():
        if line.startswith("CPU#"):
            pe, wanted = line.strip(), {}
        words = line.replace("=", " ").split()
        for key, value in zip(words, words[1:]):
            if key in ("PC", "X00", "X01", "X30"):
                wanted.setdefault(key, value)
        if line.startswith("PSTATE"):
            state = " ".join(line.split()[:3])
            fields = " ".join(f"{k}={v}" for k, v in wanted.items())
            lines.append(f"{pe} {fields} {state}")
    return "\n".join(lines)


def escape(value):
    return value.replace(",", ",,")


class Machine:
    """One QEMU virt machine that boots a system's flash image.

    system     folder that tools/system.py made, or a flash image
    pes        number of PEs started
    arguments  words of the normal world's command line; None: what the system says
    timeout    seconds; None: for ever
    icount     count instructions: one PE thread, one instruction a nanosecond
    live       UART0 on our own standard output (and input) besides the log
    interactive  with live: ^C goes to the guest instead of ending the machine
    gdb        path of a unix socket, or tcp::PORT; the machine starts stopped
    plugin     "file.so,option=…", trace: argument of -d (goes to qemu.log)
    extra      more arguments for QEMU
    folder     where the run's files go; None: a temporary one that is removed
    """

    def __init__(
        self, system, *, pes=4, arguments=None, timeout=60, cpu=None, ram_mib=None, icount=False,
        live=False, interactive=False, gdb=None, plugin=None, trace=None, extra=(), folder=None, program=None,
        machine="",
    ):
        system = pathlib.Path(system)
        about = {}
        if system.is_dir():
            if (system / "system.json").exists():
                about = json.loads((system / "system.json").read_text())
            system = system / "flash.bin"
        self.flash = system
        self.pes = pes
        self.arguments = list(about.get("arguments", []) if arguments is None else arguments)
        self.timeout = timeout
        self.cpu = cpu or CPU
        self.ram_mib = ram_mib or about.get("ram_mib", 1024)
        self.icount = icount
        self.live = live
        self.interactive = interactive
        self.gdb = gdb
        self.plugin = plugin
        self.trace = trace
        self.extra = list(extra)
        self.folder = folder
        self.program = str(program or QEMU)
        self.machine = machine

    def command(self, folder, monitor_fd):
        f = lambda name: escape(str(folder / name))
        if self.live:
            uart0 = f"stdio,id=uart0,signal={'off' if self.interactive else 'on'},logfile={f('console.log')}"
        else:
            uart0 = f"file,id=uart0,path={f('console.log')}"
        semihosting = "enable=on,target=native,chardev=client"
        semihosting += "".join(f",arg={escape(a)}" for a in self.arguments)
        command = [
            self.program,
            "-M", "virt,secure=on,virtualization=on,gic-version=3,mte=on,acpi=off,dtb-randomness=off"
            + (f",{self.machine}" if self.machine else ""),
            "-cpu", self.cpu, "-smp", str(self.pes), "-m", str(self.ram_mib),
            "-nodefaults", "-display", "none", "-no-reboot",
            "-bios", str(self.flash),
            "-chardev", uart0, "-serial", "chardev:uart0",
            "-chardev", f"file,id=uart1,path={f('secure.log')}", "-serial", "chardev:uart1",
            "-chardev", f"file,id=client,path={f('client.log')}",
            "-semihosting-config", semihosting,
            "-chardev", f"socket,id=control,fd={monitor_fd}", "-mon", "chardev=control,mode=control",
        ]
        if self.icount:
            command += ["-icount", "shift=0,sleep=off", "-rtc", "clock=vm"]
        elif self.pes > 1:
            command += ["-accel", "tcg,thread=multi"]
        if self.plugin:
            command += ["-plugin", self.plugin]
        if self.trace:
            command += ["-d", self.trace, "-D", str(folder / "qemu.log")]
        if self.gdb:
            where = self.gdb if ":" in self.gdb else f"unix:{self.gdb},server=on,wait=off"
            command += ["-gdb", where, "-S"]
        return command + self.extra

    def run(self):
        if self.folder is None:
            with tempfile.TemporaryDirectory(prefix="tantalum-run-") as name:
                return self._run(pathlib.Path(name))
        folder = pathlib.Path(self.folder)
        folder.mkdir(parents=True, exist_ok=True)
        return self._run(folder)

    def _run(self, folder):
        if not self.flash.is_file():
            raise SystemExit(f"{self.flash} is missing: build the system first")
        for name in ("console.log", "secure.log", "client.log"):
            (folder / name).write_bytes(b"")
        ours, theirs = socket.socketpair()
        command = self.command(folder, theirs.fileno())
        terminal = save_terminal() if self.live else None
        start = time.monotonic()
        hung, where = False, ""
        with open(folder / "qemu.err", "w+b") as errors:
            try:
                process = subprocess.Popen(
                    command,
                    stdin=None if self.live and sys.stdin.isatty() else subprocess.DEVNULL,
                    stdout=None if self.live else subprocess.DEVNULL,
                    stderr=errors,
                    pass_fds=[theirs.fileno()],
                )
            except OSError as error:
                raise SystemExit(f"{self.program} does not start: {error.strerror} (make firmware)") from None
            theirs.close()
            monitor = Monitor(ours)
            try:
                process.wait(self.timeout)
            except subprocess.TimeoutExpired:
                hung = True
                where = summarise_registers(monitor.ask("info registers -a"))
            finally:
                end(process)
                restore_terminal(terminal)
            monitor.thread.join(2)
            ours.close()
            errors.seek(0)
            error_text = errors.read().decode(errors="replace")
        status = process.returncode
        reason = monitor.reason or ("exit" if status >= 0 and not error_text.strip() else "failed")
        text = lambda name: (folder / name).read_bytes().decode(errors="replace").replace("\r\n", "\n")
        return Result(
            status=status, reason=reason, hung=hung, seconds=time.monotonic() - start,
            console=text("console.log"), secure=text("secure.log"), client=text("client.log"),
            where=where, errors=error_text, command=command, folder=folder,
        )


def save_terminal():
    try:
        return termios.tcgetattr(sys.stdin)
    except (OSError, ValueError, termios.error):
        return None


def restore_terminal(attributes):
    if attributes is not None:
        termios.tcsetattr(sys.stdin, termios.TCSANOW, attributes)


def end(process):
    """Ends a process of ours that still runs, gently first."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("system", help="name of a system, its folder, or a flash image")
    parser.add_argument("--pes", type=int, default=4)
    parser.add_argument("--cpu")
    parser.add_argument("--ram", type=int, help="MiB")
    parser.add_argument("--timeout", type=float, help="seconds; default: none")
    parser.add_argument("--icount", action="store_true")
    parser.add_argument("--plugin")
    parser.add_argument("--gdb", help="unix socket or tcp::PORT; start stopped")
    parser.add_argument("--trace", help="argument of QEMU's -d, into qemu.log")
    parser.add_argument("--folder", help="where logs go (build/run)", default=ROOT / "build" / "run")
    parser.add_argument("--quiet", action="store_true", help="no console, only how it ended")
    parser.add_argument("--show", action="store_true", help="print QEMU's command and stop")
    parser.add_argument("--extra", default="", help="more arguments for QEMU, one string")
    parser.add_argument("arguments", nargs="*", help="command line of the normal world")
    options = parser.parse_intermixed_args()

    system = pathlib.Path(options.system)
    if not system.exists():
        system = ROOT / "build" / "systems" / options.system
    machine = Machine(
        system, pes=options.pes, arguments=options.arguments or None, timeout=options.timeout,
        cpu=options.cpu, ram_mib=options.ram, icount=options.icount, live=not options.quiet,
        gdb=options.gdb, plugin=options.plugin, trace=options.trace,
        extra=shlex.split(options.extra), folder=options.folder,
    )
    if options.show:
        print(shlex.join(machine.command(pathlib.Path(options.folder), 3)))
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        result = machine.run()
    except KeyboardInterrupt:
        print("\nended by the keyboard", file=sys.stderr)
        return 130
    if result.clean:
        return 0
    if options.quiet or result.hung:
        print(result.report(), file=sys.stderr)
    else:
        print(result.verdict(), file=sys.stderr)
        if result.secure.strip():
            print(f"--- secure UART1\n{result.secure.rstrip()}", file=sys.stderr)
    if result.hung:
        return HANG
    return result.status if 0 < result.status < 126 else 1


if __name__ == "__main__":
    sys.exit(main())
