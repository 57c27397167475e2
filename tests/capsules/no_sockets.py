"""Runs a program that is killed at its first call for a socket: no_sockets.py PROGRAM [ARGUMENT...].

A filter of the kernel (seccomp) stays with the process through exec and with all it starts. Ends with status 77 where this
machine has no such filter.
"""
import ctypes
import os
import platform
import struct
import sys

# Numbers of socket, socketpair, connect, sendto, sendmsg, and of io_uring_setup, which could do the same.
CALLS = {
    "x86_64": (0xC000003E, [41, 53, 42, 44, 46, 425]),
    "aarch64": (0xC00000B7, [198, 199, 203, 206, 211, 425]),
}
LOAD, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, MODE_FILTER = 22, 38, 2


def program(arch, calls):
    """The filter: another architecture, a call beside the numbered ones, or one of `calls` kills."""
    steps = [(LOAD, 0, 0, 4), (JUMP_EQUAL, 1, 0, arch), (RETURN, 0, 0, KILL), (LOAD, 0, 0, 0),
             (JUMP_AT_LEAST, 0, 1, 0x40000000), (RETURN, 0, 0, KILL)]
    for call in calls:
        steps += [(JUMP_EQUAL, 0, 1, call), (RETURN, 0, 0, KILL)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps + [(RETURN, 0, 0, ALLOW)])


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def main():
    if sys.platform != "linux" or platform.machine() not in CALLS:
        return 77
    code = program(*CALLS[platform.machine()])
    libc = ctypes.CDLL(None, use_errno=True)
    filter = Program(len(code) // 8, code)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.byref(filter), 0, 0):
        return 77
    os.execv(sys.argv[1], sys.argv[1:])


sys.exit(main())
