"""Where Postgres keeps its data: in the checkout, or where its account can enter, in a folder of our own."""

import time
from pathlib import Path

from script.supervisor.accounts import Account
from script.supervisor.errors import RunError
from script.supervisor.places import SHARED_STATE, Places
from script.supervisor.postgres_wheel import reachable_programs
from script.supervisor.terminal import say


def postgres_folder(places: Places, account: Account | None) -> tuple[Path, Path]:
    """The folder for the data folder, and the programs to run on it."""
    folder = places.var
    if account is not None and not account.can_enter(folder):
        folder = _folder_elsewhere(places)
    return folder, reachable_programs(account, folder)


def _folder_elsewhere(places: Places) -> Path:
    folder = places.elsewhere
    try:
        SHARED_STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
        folder.mkdir(mode=0o711, exist_ok=True)
    except OSError as error:
        raise RunError(f"Postgres needs a folder that its account can enter, but {error}.") from error
    _set_aside_stranger(places, folder)
    return folder


def _set_aside_stranger(places: Places, folder: Path) -> None:
    """Who removed var/ wanted a fresh start: older data is kept, but under another name."""
    note = folder / "belongs-to"
    owner = f"{places.secrets['installation']} {places.var}\n"
    if note.exists() and note.read_text() != owner:
        aside = folder.with_name(f"{folder.name}-until-{time.strftime('%Y%m%d-%H%M%S')}")
        folder.rename(aside)
        folder.mkdir(mode=0o711)
        say(f"var/ is new, so the database begins afresh; the earlier one was set aside in {aside}.")
    if not note.exists():
        note.touch(mode=0o600)
        note.write_text(owner)
