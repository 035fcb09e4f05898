"""The arrows run one way: board → dedupe → dedupe.imaging; and inside dedupe as the design says."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Each layer of dedupe may import the layers that stand before it.
LAYERS = [
    {"dedupe.imaging"},
    {"dedupe.jail", "dedupe.embedding"},
    {
        "dedupe.conf",
        "dedupe.signals",
        "dedupe.measures",
        "dedupe.breaker",
        "dedupe.errors",
        "dedupe.doorbell",
        "dedupe.interruptions",
        "dedupe.forks",
        "dedupe.fetching",
    },
    {"dedupe.models"},
    {"dedupe.search", "dedupe.storage", "dedupe.agreement", "dedupe.statistics", "dedupe.checks"},
    {"dedupe.incoming", "dedupe.listing"},
    {"dedupe.orphans"},
    {"dedupe.invariants"},
    {"dedupe.permissions"},
    {"dedupe.visibility"},
    {"dedupe.workflow"},
    {"dedupe.evaluation"},
    {"dedupe.scale"},
    {"dedupe.tasks", "dedupe.admin", "dedupe.management"},
]


def modules_under(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports_of(path: Path) -> set[str]:
    """Dotted names that a module imports, relative ones made absolute."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


@pytest.mark.parametrize("path", modules_under("dedupe"), ids=lambda path: str(path.relative_to(ROOT)))
def test_dedupe_never_imports_the_board(path: Path) -> None:
    assert not [name for name in imports_of(path) if within(name, "board")]


@pytest.mark.parametrize(
    "path", modules_under("dedupe/imaging"), ids=lambda path: str(path.relative_to(ROOT))
)
def test_imaging_imports_no_django_and_does_no_input_or_output(path: Path) -> None:
    outside = ("django", "celery", "os", "pathlib", "socket", "subprocess", "shutil", "tempfile", "urllib")
    strangers = [name for name in imports_of(path) if any(within(name, other) for other in outside)]
    others = [
        name for name in imports_of(path) if within(name, "dedupe") and not within(name, "dedupe.imaging")
    ]
    assert strangers + others in ([], ["dedupe"])


def layer_of(name: str) -> tuple[int, str] | None:
    for number, layer in enumerate(LAYERS):
        for package in layer:
            if within(name, package):
                return number, package
    return None


@pytest.mark.parametrize("path", modules_under("dedupe"), ids=lambda path: str(path.relative_to(ROOT)))
def test_inside_dedupe_nothing_imports_a_later_layer(path: Path) -> None:
    own = layer_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if own is None:
        return
    number, package = own
    for name in imports_of(path):
        other = layer_of(name)
        if other is None or other[0] <= number:
            continue
        pytest.fail(f"{package} imports {name}, which stands in a later layer")


def test_every_module_of_dedupe_stands_in_a_layer() -> None:
    ignored = {"dedupe", "dedupe.__init__", "dedupe.apps"}
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in modules_under("dedupe")}
    homeless = {n for n in names if layer_of(n) is None and n not in ignored and ".migrations" not in n}
    assert homeless == set()
