"""What a till and a server keep is its owner's only, whatever the umask, and put right at start."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.backup import back_up, restore
from server.storage.database import open_engine, sqlite_url, writing
from server.storage.migrate import migrate
from till.store import settings
from till.store.backup import copy_database
from till.store.database import open_database
from till.store.secrets import new_keys, save_keys


@pytest.fixture(autouse=True)
def everybody_may_read() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    return [
        each.name
        for each in folder.rglob("*")
        if each.is_file() and stat.S_IMODE(each.stat().st_mode) & 0o077
    ]


def test_a_tills_files(tmp_path: Path) -> None:
    folder = tmp_path / "till"
    database = open_database(folder)
    save_keys(folder, new_keys())
    with database.write() as work:
        settings.feed_position.put(work, 1)
        copy_database(database.path, tmp_path / "backup")
        assert (folder / "till.sqlite-wal").exists()
        assert open_to_others(tmp_path) == []
    database.close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_old_files_are_put_right(tmp_path: Path) -> None:
    open_database(tmp_path).close()
    for each in tmp_path.iterdir():
        each.chmod(0o644)
    open_database(tmp_path).close()
    assert open_to_others(tmp_path) == []


def test_a_servers_files(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    engine = open_engine(url)
    migrate(engine)
    with writing(engine):
        assert (tmp_path / "server.sqlite-wal").exists()
        assert open_to_others(tmp_path) == []
    back_up(engine, tmp_path / "backup")
    engine.dispose()
    (tmp_path / "server.sqlite").unlink()
    restore(url, tmp_path / "backup")
    assert open_to_others(tmp_path) == []
    (tmp_path / "server.sqlite").chmod(0o666)
    open_engine(url).connect().close()
    assert open_to_others(tmp_path) == []


@pytest.mark.parametrize("name", ["kasse?x=1", "50%41", "a#b", "a b", "file:x"])
def test_a_folder_name_is_only_a_folder_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    database = open_database(folder)
    with database.write() as work:
        settings.feed_position.put(work, 1)
    copy_database(database.path, folder / "backup")
    database.close()
    engine = open_engine(sqlite_url(folder))
    migrate(engine)
    engine.dispose()
    assert {each.name for each in tmp_path.iterdir()} == {name}
    assert {each.name for each in folder.iterdir()} >= {"till.sqlite", "backup", "server.sqlite"}
