"""`cargo run` and `cargo test --workspace` share one build of all dependencies.

Cargo builds a crate once for each set of features. If the tests asked for a feature that the demo
does not, everything above that crate would be compiled twice.
"""

import subprocess
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]


def features(edges: str, *packages: str) -> dict[str, set[str]]:
    """The features of each crate that is built for these packages."""
    command = ["cargo", "tree", "--locked", "--edges", edges, "--prefix", "none"]
    lines = subprocess.run(
        [*command, "--format", "{p}|{f}", *packages],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()
    found = defaultdict(set)
    for line in lines:
        crate, _, names = line.replace(" (*)", "").partition("|")
        found[crate.split(" (")[0]] |= set(filter(None, names.split(",")))
    return found


def test_the_tests_ask_for_no_feature_that_the_demo_lacks() -> None:
    of_demo = features("normal,build", "--package", "local-stack")
    of_tests = features("normal,build,dev", "--workspace")
    more = {crate: of_tests[crate] - names for crate, names in of_demo.items()}
    assert {crate: names for crate, names in more.items() if names} == {}
