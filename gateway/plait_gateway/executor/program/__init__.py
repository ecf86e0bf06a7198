"""Compiled programs: a plan is compiled once, and a request then runs no interpreter.

`executable` decides between program and reference interpreter. `compiling` makes a program of a plan:
`placing` goes through it, and the `layout` says at which `position` what stands in the response and which
fetch brings it, `structs` makes it types with decoders, `representing` and `taking` (with the walks of
`walking`) write the functions between two fetches. `schedule` says
what starts when, `running` is the run-time, `handing_over` what makes it give up, `kept` what the interpreter
then goes on from.
"""

from plait_gateway.executor.program.compiling import compile_program
from plait_gateway.executor.program.counters import Counters
from plait_gateway.executor.program.executable import Executable, Outcome
from plait_gateway.executor.program.program import Program
from plait_gateway.executor.program.refusal import Refusal
from plait_gateway.executor.program.running import Completed, HandedOver

__all__ = [
    "Completed",
    "Counters",
    "Executable",
    "HandedOver",
    "Outcome",
    "Program",
    "Refusal",
    "compile_program",
]
