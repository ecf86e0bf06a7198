"""Runs the program that comes by its standard input, locked in: a script of its own, which imports nothing
of ours.

The process gives up, for good and before it looks at the program,

- all files but the standard library, which it may only read (Landlock),
- every system call that computing does not need: sockets, processes, signals, devices, limits (seccomp),
- processor time and memory beyond its limits (rlimit).

Whatever the kernel does not let it give up makes it stop, with NOT_CONFINED, and the program is not run.
"""

import ctypes
import io
import os
import platform
import resource
import signal
import struct
import sys
import sysconfig
from pathlib import Path

NOT_CONFINED = 97
KILLED_FOR_ITS_TIME = (-signal.SIGXCPU, -signal.SIGKILL)

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446
_LANDLOCK_CREATE_RULESET_VERSION, _LANDLOCK_RULE_PATH_BENEATH = 1, 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_ACCESS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15}
_ACCESS_SINCE = 16
"""How many kinds of access to files the kernel's Landlock knows: all of them are given up."""

_ALLOWED = {
    # The numbers of the Linux system calls that a Python program computes, reads and writes with.
    "x86_64": (
        0xC000003E,
        "0 1 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 23 24 25 28 32 35 39 60 63 72 79 89 "
        "96 98 99 100"
        " 102 104 107 108 131 186 201 202 204 217 219 228 229 230 231 257 262 267 269 270 271 318 "
        "332 334 439",
    ),
    "aarch64": (
        0xC00000B7,
        "17 23 25 29 48 56 57 61 62 63 64 65 66 67 68 72 73 78 79 80 93 94 98 101 113 114 115 123 124 128 132"
        " 134 135 139 153 160 165 169 172 174 175 176 177 178 179 214 215 216 222 226 233 278 291 293 439",
    ),
}

_LOAD_WORD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000


def pack(source: str, stdin: str) -> bytes:
    """A program and its input, as this script reads them."""
    program = source.encode(errors="surrogatepass")
    return struct.pack("!Q", len(program)) + program + stdin.encode(errors="surrogatepass")


def main() -> None:
    """The script: its arguments are the seconds of processor time and the bytes of memory."""
    cpu_seconds, memory_bytes = map(int, sys.argv[1:])
    data = sys.stdin.buffer.read()
    (length,) = struct.unpack("!Q", data[:8])
    source, stdin = data[8 : 8 + length].decode(), data[8 + length :].decode()
    try:
        _limit(cpu_seconds, memory_bytes)
        _give_up_files()
        _give_up_system_calls()
    except (OSError, KeyError) as error:
        sys.stderr.write(f"cannot be confined: {error!r}")
        sys.exit(NOT_CONFINED)
    sys.stdin, sys.argv = io.StringIO(stdin), ["program.py"]
    exec(compile(source, "program.py", "exec"), {"__name__": "__main__"})  # noqa: S102 -- what all this is for


def _limit(cpu_seconds: int, memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _give_up_files() -> None:
    abi = _call(_LANDLOCK_CREATE_RULESET, None, 0, _LANDLOCK_CREATE_RULESET_VERSION)
    handled = struct.pack("=Q", (1 << _ACCESS_BY_ABI.get(abi, _ACCESS_SINCE)) - 1)
    rules = _call(_LANDLOCK_CREATE_RULESET, handled, len(handled), 0)
    libraries = (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), "/usr/lib", "/lib", "/lib64")
    for path in (Path(sys.base_prefix, "lib"), *map(Path, libraries)):
        if path.is_dir():
            opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
            beneath = struct.pack("=Qi", _READ_FILE | _READ_DIR, opened)
            _call(_LANDLOCK_ADD_RULE, rules, _LANDLOCK_RULE_PATH_BENEATH, beneath, 0)
            os.close(opened)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _call(_LANDLOCK_RESTRICT_SELF, rules, 0)
    os.close(rules)


def _give_up_system_calls() -> None:
    architecture, allowed = _ALLOWED[platform.machine()]
    program = [
        _instruction(_LOAD_WORD, 0, 0, 4),  # seccomp_data.arch
        _instruction(_JUMP_IF_EQUAL, 1, 0, architecture),
        _instruction(_RETURN, 0, 0, _KILL),
        _instruction(_LOAD_WORD, 0, 0, 0),  # seccomp_data.nr
    ]
    for number in map(int, allowed.split()):
        program += [_instruction(_JUMP_IF_EQUAL, 0, 1, number), _instruction(_RETURN, 0, 0, _ALLOW)]
    program.append(_instruction(_RETURN, 0, 0, _REFUSE))
    code = ctypes.create_string_buffer(b"".join(program))
    filter_ = struct.pack("@HxxxxxxP", len(program), ctypes.addressof(code))
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, filter_)


def _instruction(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _call(number: int, *arguments: object) -> int:
    result = _libc().syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), f"system call {number}")
    return int(result)


def _prctl(option: int, *arguments: object) -> None:
    if _libc().prctl(option, *arguments, 0, 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), f"prctl {option}")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


if __name__ == "__main__":
    main()
