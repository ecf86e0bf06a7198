"""Running programs that strangers have written.

port        what learning needs of it
sandboxed   each run is a process of its own that is watched from outside
confine     what that process does to itself before it runs the program: from then on it can do nothing but
compute
"""

from subgraphs.learning.code_runner.port import CodeRunner, CodeRunnerUnavailableError

__all__ = ["CodeRunner", "CodeRunnerUnavailableError"]
