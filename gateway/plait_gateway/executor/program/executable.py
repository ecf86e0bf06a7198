"""A plan with its programs: runs compiled where it can, by the reference interpreter where it cannot."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeAlias

from graphql import GraphQLSchema
from msgspec import Struct

from plait_gateway.clients.coroutines import Ask, asking, sending
from plait_gateway.clients.send import Cancel, Send, nothing_to_cancel
from plait_gateway.executor.execution import ExecutionResult, Operation, execute
from plait_gateway.executor.program.compiling import compile_program
from plait_gateway.executor.program.conditions import condition_variables
from plait_gateway.executor.program.counters import Counters
from plait_gateway.executor.program.first_run import FirstRun, LargeAnswer
from plait_gateway.executor.program.program import Program
from plait_gateway.executor.program.refusal import Refusal
from plait_gateway.executor.program.running import Completed, Ended, HandedOver
from plait_gateway.query_plan import QueryPlan

_MAX_PROGRAMS = 16  # per plan: four conditions that all vary

#: How an execution ends; an exception is a defect of ours.
Outcome: TypeAlias = Completed | ExecutionResult | BaseException


class Executable:
    """One plan of one operation, kept with it in the plan cache.

    A program is compiled when it is needed for the first time; or for the second time, if `is_rare`, unless
    an answer is large: among plans that nearly all are run once, programs would take most of the memory, and
    bring nothing.
    """

    def __init__(
        self,
        plan: QueryPlan,
        operation: Operation,
        *,
        schema: GraphQLSchema,
        api_schema: GraphQLSchema,
        counters: Counters,
        is_rare: bool = False,
        denied: frozenset[int] = frozenset(),
    ) -> None:
        """`denied` are the identities of the operation's fields that are null: the plan leaves them out."""
        self.plan = plan
        self._operation = operation
        self._schema = schema
        self._api_schema = api_schema
        self._counters = counters
        self._conditions = condition_variables(plan, operation.definition, operation.fragments)
        self._programs: dict[tuple[bool, ...], Program | Refusal] = {}
        self._being_made: dict[tuple[bool, ...], asyncio.Task[Program | Refusal]] = {}
        self._compiles_at_once = not is_rare
        self._denied = denied
        self.answer_bytes = 0  # of all that subgraphs answered the last time a program was run

    async def execute(
        self, variables: Mapping[str, Any], *, send: Send, headers: tuple[tuple[str, str], ...] = ()
    ) -> Completed | ExecutionResult:
        """What the reference interpreter gives for these variables, which are coerced.

        Completed is a response in which nothing failed.
        """
        values = tuple([variables.get(name) is True for name in self._conditions])
        if not self._compiles_at_once:
            self._compiles_at_once = True
            first_run = FirstRun(send)
            try:
                result = await self._interpret(variables, first_run.ask, headers)
            except* LargeAnswer:
                send = sending(first_run.kept.before(send))
            else:
                self._counters.executions_interpreted += 1
                return result
        program = self._programs.get(values) or await self._make_program(values)
        if not isinstance(program, Program):
            self._counters.executions_interpreted += 1
            return await self._interpret(variables, asking(send), headers)
        outcome = await program.run(variables, send, headers)
        if isinstance(outcome, Completed):
            self.completed(outcome)
            return outcome
        return await self.go_on(outcome, variables, send, headers)

    def program_for(self, variables: Mapping[str, Any]) -> Program | None:
        """The program for these variables, which are coerced, if it is made already."""
        names = self._conditions
        program = self._programs.get(tuple([variables.get(name) is True for name in names]) if names else ())
        return program if isinstance(program, Program) else None

    def begin(
        self,
        program: Program,
        variables: Mapping[str, Any],
        send: Send,
        headers: tuple[tuple[str, str], ...],
        ended: Callable[[Outcome], None],
    ) -> Cancel:
        """What `execute` does with the program for these variables, told to `ended` unless it is given up."""
        begun = _Begun(self, variables, send, headers, ended)
        begun.give_up_program = program.begin(variables, send, headers, begun.run)
        return begun.give_up

    @property
    def compiled_for(self) -> tuple[Mapping[str, bool], ...]:
        """The values of the variables in conditions for which there are programs; empty if it ran once."""
        return tuple(dict(zip(self._conditions, values, strict=True)) for values in self._programs)

    async def compile(self, conditions: Mapping[str, bool]) -> None:
        """Make the program for these values, in which false ones may be left out, before it is needed."""
        values = tuple([conditions.get(name, False) for name in self._conditions])
        if values not in self._programs:
            self._compiles_at_once = True
            await self._make_program(values)

    async def _make_program(self, values: tuple[bool, ...]) -> Program | Refusal:
        """Compile in a thread, once, however many wait for it."""
        task = self._being_made.get(values)
        if task is None:
            if len(self._programs) + len(self._being_made) >= _MAX_PROGRAMS:
                self._counters.programs_refused[Refusal.CONDITIONS.value] += 1
                return Refusal.CONDITIONS
            task = self._being_made[values] = asyncio.create_task(self._make(values))
        return await asyncio.shield(task)  # one who leaves must not take it from the others

    async def _make(self, values: tuple[bool, ...]) -> Program | Refusal:
        conditions = dict(zip(self._conditions, values, strict=True))
        try:
            program = self._programs[values] = await asyncio.to_thread(self._compile, conditions)
        finally:
            del self._being_made[values]
        return program

    def _compile(self, conditions: Mapping[str, bool]) -> Program | Refusal:
        program = compile_program(
            self.plan,
            self._operation,
            schema=self._schema,
            api_schema=self._api_schema,
            conditions=conditions,
            denied=self._denied,
        )
        if not isinstance(program, Program):
            self._counters.programs_refused[program.value] += 1
        else:
            self._counters.programs_compiled += 1
        return program

    def completed(self, outcome: Completed) -> None:
        """Note what a program that ran to its end gave."""
        self.answer_bytes = outcome.answer_bytes
        self._counters.executions_compiled += 1

    def go_on(
        self,
        handed_over: HandedOver,
        variables: Mapping[str, Any],
        send: Send,
        headers: tuple[tuple[str, str], ...],
    ) -> Coroutine[Any, Any, ExecutionResult]:
        """Interpret what a program gave up."""
        self._counters.executions_handed_over[handed_over.reason.value] += 1
        return self._interpret(variables, handed_over.kept.before(send), headers)

    async def _interpret(
        self, variables: Mapping[str, Any], ask: Ask, headers: tuple[tuple[str, str], ...]
    ) -> ExecutionResult:
        return await execute(
            self.plan,
            self._operation,
            schema=self._schema,
            api_schema=self._api_schema,
            variables=variables,
            send=ask,
            headers=headers,
            denied=self._denied,
        )


class _Begun(Struct, eq=False):
    """An execution that a program has begun, and that the interpreter may have to go on with."""

    executable: Executable
    variables: Mapping[str, Any]
    send: Send
    headers: tuple[tuple[str, str], ...]
    ended: Callable[[Outcome], None]
    give_up_program: Cancel = nothing_to_cancel
    interpreting: asyncio.Task[ExecutionResult] | None = None

    def run(self, outcome: Ended) -> None:
        if isinstance(outcome, Completed):
            self.executable.completed(outcome)
            self.ended(outcome)
        elif isinstance(outcome, HandedOver):
            rest = self.executable.go_on(outcome, self.variables, self.send, self.headers)
            self.interpreting = asyncio.get_running_loop().create_task(rest)
            self.interpreting.add_done_callback(self._interpreted)
        else:
            self.ended(outcome)

    def _interpreted(self, task: asyncio.Task[ExecutionResult]) -> None:
        if not task.cancelled():
            self.ended(task.exception() or task.result())

    def give_up(self) -> None:
        self.give_up_program()
        if self.interpreting is not None:
            self.interpreting.cancel()
