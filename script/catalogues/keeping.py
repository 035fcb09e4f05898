"""The catalogue of one language: read, merged with what the sources say, checked, written and compiled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from script.catalogues.gathering import ROOT, Domain

_NEVER = datetime(2026, 1, 1, tzinfo=UTC)
_HEADER = "# The words of Doppel. Filled in by people; brought up to date by: python -m script.catalogues"
_PLACE = re.compile(r"\{\w*\}|%\(\w+\)[sd]")
_TAG = re.compile(r"</?\w+[^>]*>")


def read(domain: Domain, language: str) -> Catalog:
    """What is translated so far; empty for a new language."""
    file = domain.file(language, "po")
    if not file.exists():
        return Catalog(locale=language, domain=domain.name, header_comment=_HEADER, fuzzy=False)
    with file.open("rb") as stream:
        return read_po(stream, locale=language, domain=domain.name)


def merged(kept: Catalog, found: Catalog) -> Catalog:
    """The texts of the sources with the translations that there are. Nothing is guessed from a like text."""
    kept.update(found, no_fuzzy_matching=True, update_creation_date=False)
    kept.obsolete.clear()
    # The history is git's to tell; a head without dates and names changes only with the words.
    kept.project, kept.version = "Doppel", ""
    kept.msgid_bugs_address = kept.last_translator = kept.language_team = ""
    kept.revision_date = kept.creation_date = _NEVER
    return kept


def write(domain: Domain, language: str, catalog: Catalog) -> None:
    """Write the catalogue for people and the compiled one for Django."""
    file = domain.file(language, "po")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_po(catalog))
    domain.file(language, "mo").write_bytes(_mo(catalog))


def _po(catalog: Catalog) -> bytes:
    written = BytesIO()
    write_po(written, catalog, width=110, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return written.getvalue()


def _mo(catalog: Catalog) -> bytes:
    written = BytesIO()
    write_mo(written, catalog)
    return written.getvalue()


def problems(domain: Domain, language: str, found: Catalog) -> Iterator[str]:
    """What is wrong with a catalogue as it lies there, one sentence each."""
    kept = read(domain, language)
    name = str(domain.file(language, "po").relative_to(ROOT))
    there, wanted = ({(each.id, each.context) for each in catalog if each.id} for catalog in (kept, found))
    yield from (f"{name} lacks: {text!r}" for text, _ in sorted(wanted - there, key=str))
    yield from (f"{name} has what no source says: {text!r}" for text, _ in sorted(there - wanted, key=str))
    for message in kept:
        yield from (f"{name}: {message.id!r} {what}" for what in _faults(message))
    if _strings(kept) != _compiled(domain, language):
        yield f"{name} was changed since it was compiled: python -m script.catalogues"


def _faults(message: Message) -> Iterator[str]:
    if not message.id:
        return
    originals, forms = _forms(message.id), _forms(message.string)
    if not all(forms):
        yield "is not translated"
        return
    if message.fuzzy:
        yield "is only guessed (fuzzy)"
    allowed = {place for text in originals for place in _PLACE.findall(text)}
    for form in forms:
        if unknown := set(_PLACE.findall(form)) - allowed:
            yield f"has places that the original lacks: {', '.join(sorted(unknown))}"
    if lost := set(_PLACE.findall(originals[-1])) - set(_PLACE.findall(forms[-1])):
        yield f"lost {', '.join(sorted(lost))}"
    if sorted(_TAG.findall(originals[-1])) != sorted(_TAG.findall(forms[-1])):
        yield "has other tags than the original"


def _forms(text: Any) -> list[str]:
    return [text or ""] if isinstance(text, str) or not text else list(text)


def _strings(catalog: Catalog) -> dict[object, object]:
    """What is translated; plurals as lines, as the compiled one holds them otherwise than the written one."""
    return {
        ("\n".join(_forms(each.id)), _context(each)): "\n".join(_forms(each.string))
        for each in catalog
        if each.id and each.string
    }


def _context(message: Message) -> str:
    """The context; a compiled catalogue gives it in bytes."""
    context: str | bytes = message.context or ""
    return context.decode() if isinstance(context, bytes) else context


def _compiled(domain: Domain, language: str) -> dict[object, object]:
    file = domain.file(language, "mo")
    if not file.exists():
        return {}
    with file.open("rb") as stream:
        return _strings(read_mo(stream))
