"""No circles of imports between the source files of a crate.

A file imports another when a `use` or a path outside its unit tests names an item of it by
`crate::`, `super::` or `self::`. That a parent declares its children is no import.
"""

import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CRATES = sorted(
    path.parent / "src"
    for path in ROOT.glob("**/Cargo.toml")
    if (path.parent / "src").is_dir() and not {"target", "node_modules"} & set(path.parts)
)

Module = tuple[str, ...]


def modules(src: Path) -> dict[Module, Path]:
    """The files of a crate by their module, the root as the empty one."""
    found = {}
    for path in src.rglob("*.rs"):
        parts = path.relative_to(src).with_suffix("").parts
        if parts[0] != "bin":
            found[() if parts in (("lib",), ("main",)) else parts] = path
    return found


def names(rest: str) -> list[list[str]]:
    """The paths that begin `rest`: `a::b`, or each of `{a, b::{c, d}}`."""
    if rest.startswith("{"):
        depth, start, found = 0, 1, []
        for at, char in enumerate(rest):
            depth += (char == "{") - (char == "}")
            if (char == "," and depth == 1) or depth == 0:
                found += names(rest[start:at].strip())
                start = at + 1
            if depth == 0:
                return found
    first = re.match(r"(\w+)(::)?", rest)
    if not first:
        return []
    tails = names(rest[first.end() :]) if first[2] else []
    return [[first[1], *tail] for tail in tails] or [[first[1]]]


def imports(text: str, here: Module) -> set[Module]:
    """All paths that a file names, from the root of its crate."""
    text = re.sub(r"//.*", "", text).split("#[cfg(test)]")[0]
    found = set()
    for start in re.finditer(r"\b(crate|self|super)((?:::super)*)::", text):
        base = {"crate": (), "self": here, "super": here[:-1]}[start[1]]
        base = base[: len(base) - start[2].count("super")]
        found |= {base + tuple(path) for path in names(text[start.end() :])}
    return found


def graph(src: Path) -> dict[Module, set[Module]]:
    files = modules(src)

    def file_of(path: Module) -> Module:
        return next((path[:n] for n in range(len(path), 0, -1) if path[:n] in files), ())

    return {
        module: {file_of(path) for path in imports(file.read_text(), module)} - {module}
        for module, file in files.items()
    }


@pytest.mark.parametrize("src", CRATES, ids=lambda src: str(src.relative_to(ROOT)))
def test_files_import_each_other_in_one_direction(src: Path) -> None:
    try:
        TopologicalSorter(graph(src)).prepare()
    except CycleError as error:
        circle = " -> ".join("::".join(module) or "the root" for module in error.args[1])
        pytest.fail(f"{src.relative_to(ROOT)}: {circle}")
