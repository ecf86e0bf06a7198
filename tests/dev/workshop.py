"""An application of two small subgraphs in a folder of its own, to be run and edited."""

from pathlib import Path
from textwrap import dedent

ACROSS = "{ tools { name left } }"
ACROSS_DATA = {"tools": [{"name": "Spade", "left": 3}, {"name": "Rake", "left": 0}]}

_FILES = {
    "plait.yaml": """
        dev:
          application: workshop.application:build
          supergraph: workshop/supergraph.yaml
        """,
    "workshop/supergraph.yaml": """
        subgraphs:
          stock:
            routing_url: http://127.0.0.1:1/stock
            schema: {file: stock.graphql}
          tools:
            routing_url: http://127.0.0.1:1/tools
            schema: {file: tools.graphql}
        """,
    "workshop/stock.graphql": "type Query { old: Int }\n",
    "workshop/tools.graphql": "type Query { old: Int }\n",
    "workshop/tools.py": """
        SDL = '''
        type Query {
          tools: [Tool!]!
        }

        type Tool @key(fields: "id") {
          id: ID!
          name: String!
        }
        '''

        TOOLS = [{"id": "1", "name": "Spade", "grams": 1800}, {"id": "2", "name": "Rake", "grams": 900}]
        RESOLVERS = {
            "Query.tools": lambda *_: TOOLS,
            "Entity.Tool": lambda tool: next((one for one in TOOLS if one["id"] == tool["id"]), None),
        }
        """,
    "workshop/stock.py": """
        SDL = '''
        type Tool @key(fields: "id") {
          id: ID!
          left: Int!
        }
        '''

        RESOLVERS = {"Entity.Tool": lambda tool: {"id": tool["id"], "left": {"1": 3}.get(tool["id"], 0)}}
        """,
    "workshop/application.py": """
        from contextlib import asynccontextmanager
        from dataclasses import dataclass, field

        from tests.gateway.subgraph_app import subgraph_app
        from workshop import stock, tools

        print("what an application prints is nobody's business")


        @dataclass
        class Workshop:
            subgraphs: dict
            sdl: dict
            logins: tuple = ()
            jwks: None = None
            default_query: str = "{ tools { name } }"
            examples: tuple = ()
            login_operation: None = None
            sample_query: str = "{ tools { name } }"
            pages = {}
            places: dict = field(default_factory=dict)

            @asynccontextmanager
            async def running(self):
                yield


        def build(data_dir, tell, address):
            modules = {"stock": stock, "tools": tools}
            return Workshop(
                {name: served(module) for name, module in modules.items()},
                {name: module.SDL for name, module in modules.items()},
            )


        def served(module):
            return subgraph_app(module.SDL.replace('@key(fields: "id")', ""), module.RESOLVERS)
        """,
}


def open_workshop(root: Path) -> Path:
    """Write the application; its root, where plait.yaml is."""
    for name, text in _FILES.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text).lstrip("\n"))
    return root


def edit(file: Path, old: str, new: str) -> None:
    """Save the file with another text in place of the old one; nobody reads half of it."""
    text = file.read_text()
    assert old in text
    saved = file.with_suffix(".saved")
    saved.write_text(text.replace(old, new))
    saved.replace(file)
