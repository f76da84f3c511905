"""The template and the sources as the tests read them.

Invariant: nothing is resolved; an intrinsic function is a mapping, as in JSON: `!Ref X` is
`{"Ref": "X"}`.
"""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


class _Loader(yaml.SafeLoader):
    """Knows the short forms of intrinsic functions."""


def _intrinsic(loader, name, node):
    match node:
        case yaml.ScalarNode():
            value = loader.construct_scalar(node)
        case yaml.SequenceNode():
            value = loader.construct_sequence(node, deep=True)
        case _:
            value = loader.construct_mapping(node, deep=True)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _intrinsic)

TEMPLATE = yaml.load((ROOT / "infra/template.yaml").read_text(), _Loader)
RESOURCES = TEMPLATE["Resources"]


def of_type(kind):
    """The properties of all resources of a type, by block."""
    resources = RESOURCES.items()
    return {name: it["Properties"] for name, it in resources if it["Type"] == f"AWS::{kind}"}


FUNCTIONS = of_type("Serverless::Function")


def source(path):
    """The text of a file, or of all Rust files below a folder."""
    path = ROOT / path
    files = sorted(path.rglob("*.rs")) if path.is_dir() else [path]
    return "\n".join(file.read_text() for file in files)


def binaries():
    """All Lambda functions, by the names of their binaries."""
    functions = (ROOT / "functions/src/bin").glob("*.rs")
    return {file.stem for file in functions} | {"rebuild-timelines"}


def block(binary):
    """`ingest-webhook` is IngestWebhook."""
    return "".join(part.title() for part in binary.split("-"))


def texts(value):
    """All texts in a part of the template."""
    match value:
        case str():
            yield value
        case dict():
            for key, inner in value.items():
                yield from texts(key)
                yield from texts(inner)
        case list():
            for inner in value:
                yield from texts(inner)


def quoted(pattern, text):
    """What a pattern finds, as a set."""
    return set(re.findall(pattern, text))
