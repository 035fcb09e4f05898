"""Every text that is marked for translation in Python, in templates, in scripts, and in the settings' own words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_javascript, extract_python
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
_CONTEXT = ((1, "c"), 2)
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": _CONTEXT,
    "pgettext_lazy": _CONTEXT,
    "npgettext": ((1, "c"), 2, 3),
}
_COMMENTS = ("Translators:",)


@dataclass(frozen=True)
class Domain:
    """One catalogue of an app: its folder, its name as gettext has it, and the sources whose words it holds."""

    app: str
    name: str
    sources: tuple[str, ...]

    def file(self, language: str, ending: str) -> Path:
        return ROOT / self.app / "locale" / language / "LC_MESSAGES" / f"{self.name}.{ending}"


DOMAINS = (
    Domain("board", "django", ("board/**/*.py", "templates/**/*.html")),
    Domain("board", "djangojs", ("static/js/*.js",)),
    Domain("dedupe", "django", ("dedupe/**/*.py",)),
)


def gather(domain: Domain) -> Catalog:
    """A catalogue without a language: each text with the files that it stands in."""
    found = Catalog(project="Doppel", charset="utf-8")
    for path in _files(domain):
        name = str(path.relative_to(ROOT))
        for text, context in _texts(path):
            found.add(text, locations=[(name, 0)], context=context)
    return found


def _files(domain: Domain) -> list[Path]:
    found = {path for pattern in domain.sources for path in ROOT.glob(pattern)}
    return sorted(path for path in found if "migrations" not in path.parts)


def _texts(path: Path) -> Iterator[tuple[Any, str | None]]:
    method: Any = {".py": extract_python, ".js": extract_javascript, ".html": _extract_template}[path.suffix]
    with path.open("rb") as file:
        for _, text, _, context in extract(method, file, KEYWORDS, _COMMENTS):
            if text and text != ("", ""):
                yield text, context
    if path.match("dedupe/conf.py"):
        yield from ((text, None) for text in _meanings(path))


def _extract_template(file: Any, keywords: Any, tags: Any, options: Any) -> Any:
    """Django writes a template as something like Python; in brackets its indents mean nothing."""
    python = f"({templatize(file.read().decode())})"
    return extract_python(BytesIO(python.encode()), keywords, tags, options)


def _meanings(path: Path) -> Iterator[str]:
    """The string below each setting, which the page of statistics shows."""
    for node in ast.parse(path.read_text()).body:
        for field, text in (
            zip(node.body, node.body[1:], strict=False) if isinstance(node, ast.ClassDef) else ()
        ):
            if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
                yield str(ast.literal_eval(text.value))
