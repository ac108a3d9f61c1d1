from __future__ import annotations

import errno
import os
import re
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.events import Notice, PlanFinished, to_line
from bench.session import journal_writer
from bench.session.journal_reader import read
from bench.session.journal_writer import Journal, JournalError, new_session_id
from tests.examples import NO_MODE_WINS


def written(path: Path) -> Path:
    kept = Journal(path)
    for event in NO_MODE_WINS:
        kept.append(to_line(event))
    kept.close()
    return path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    recording = read(written(tmp_path / "new" / "session.jsonl"))
    assert recording.events == tuple(NO_MODE_WINS)
    assert recording.notices == ()


def test_an_event_is_in_the_file_once_it_is_appended(tmp_path: Path) -> None:
    kept = Journal(tmp_path / "session.jsonl")
    kept.append(to_line(NO_MODE_WINS[0]))
    kept.sync()
    assert read(kept.path).events == (NO_MODE_WINS[0],)
    kept.close()


def test_a_session_never_writes_over_a_file(tmp_path: Path) -> None:
    path = written(tmp_path / "session.jsonl")
    before = path.read_bytes()
    with pytest.raises(JournalError, match="exists already"):
        Journal(path)
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="cannot create the session file"):
        Journal(tmp_path / "file" / "session.jsonl")


def test_a_full_disk_is_told_once_and_leaves_whole_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Journal(tmp_path / "session.jsonl")
    kept.append(to_line(NO_MODE_WINS[0]))
    room, real_write = [20], os.write

    def nearly_full(fd: int, data: bytes) -> int:
        fits, room[0] = data[: room[0]], 0
        if not fits:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real_write(fd, fits)

    monkeypatch.setattr(os, "write", nearly_full)
    with pytest.raises(JournalError, match="No space left"):
        kept.append(to_line(NO_MODE_WINS[1]))
    kept.append(to_line(NO_MODE_WINS[2]))
    monkeypatch.undo()
    kept.close()
    assert read(kept.path).events == (NO_MODE_WINS[0],)


def test_a_disk_that_fails_later_is_told_at_the_next_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_fd: int) -> None:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(os, "fsync", failing)
    kept = Journal(tmp_path / "session.jsonl")
    kept.append(to_line(NO_MODE_WINS[0]))
    kept._sync_once()
    with pytest.raises(JournalError, match="Disk quota exceeded"):
        kept.append(to_line(NO_MODE_WINS[1]))
    kept.close()


def test_a_file_that_is_taken_away_is_told_after_the_case_one_that_is_moved_goes_on(tmp_path: Path) -> None:
    kept, moved = Journal(tmp_path / "sessions/kept.jsonl"), Journal(tmp_path / "sessions/moved.jsonl")
    moved.path.rename(tmp_path / "moved.jsonl")
    shutil.rmtree(tmp_path / "sessions")
    for each in (kept, moved):
        each.append(to_line(PlanFinished()))
        each._sync_once()
    moved.append(to_line(PlanFinished()))
    with pytest.raises(JournalError, match="ends here: it was removed"):
        kept.append(to_line(PlanFinished()))


def test_a_torn_last_line_costs_one_event_and_gives_a_notice(tmp_path: Path) -> None:
    path = written(tmp_path / "session.jsonl")
    path.write_bytes(path.read_bytes()[:-10])
    recording = read(path)
    assert recording.events == tuple(NO_MODE_WINS[:-1])
    assert len(recording.notices) == 1
    assert "cut short" in recording.notices[0]


@given(st.integers(0))
def test_a_file_cut_anywhere_still_opens(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    data = "".join(to_line(event) + "\n" for event in NO_MODE_WINS).encode()
    first = data.index(b"\n")
    path = tmp_path_factory.getbasetemp() / "cut.jsonl"
    path.write_bytes(data[: first + cut % (len(data) - first)])
    recording = read(path)
    assert recording.events == tuple(NO_MODE_WINS[: len(recording.events)])


def test_a_last_line_without_its_newline_counts(tmp_path: Path) -> None:
    path = written(tmp_path / "session.jsonl")
    path.write_bytes(path.read_bytes()[:-1])
    assert read(path).events == tuple(NO_MODE_WINS)


def test_kinds_of_a_newer_version_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    path.write_text(f'{{"kind":"of_tomorrow","at":1.0,"x":[]}}\n{to_line(NO_MODE_WINS[0])}\n')
    assert read(path).events == (NO_MODE_WINS[0],)


def test_an_invalid_line_is_an_error_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    line = to_line(Notice(text="hello"))
    path.write_text(f'{line}\n{line}\n{{"kind":"notice","at":1.0,"text":7}}\n{line}\n')
    with pytest.raises(JournalError, match=r"session\.jsonl, line 3: notice: Expected `str`"):
        read(path)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\n", "is not a session file"),
        (b"mode,ms\neager,3\n", "is not a session file"),
        (b"\x7fELF\x02\x01\x00\xff\n\x00", "is not a session file"),
        (b"{}\n", "is not a session file"),
        (b"[1, 2]", "holds no event"),
        (b'{"kind":"of_another_program"}\n', "holds no event"),
        (b"[" * 100_000, "holds no event"),
    ],
    ids=["empty", "blank", "csv", "binary", "no kind", "a list", "another program's", "deep"],
)
def test_what_is_not_a_session_is_told_in_one_line(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(JournalError, match=words) as error:
        read(path)
    assert "\n" not in str(error.value)


def test_a_missing_file_and_a_directory_are_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="there is no file"):
        read(tmp_path / "nothing")
    with pytest.raises(JournalError, match="directory"):
        read(tmp_path)


def test_a_session_is_gone_on_with_behind_its_last_whole_line(tmp_path: Path) -> None:
    path = written(tmp_path / "session.jsonl")
    path.write_bytes(path.read_bytes()[:-5])
    again = Journal(path, go_on=True)
    again.append(to_line(NO_MODE_WINS[0]))
    again.close()
    recording = read(path)
    assert recording.events == (*NO_MODE_WINS[:-1], NO_MODE_WINS[0])
    assert recording.notices == ()


def test_a_last_line_is_found_however_long_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_writer, "LAST_BLOCK", 4)
    path = written(tmp_path / "session.jsonl")
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"kind":"notice","text":"' + 999 * b"x")
    Journal(path, go_on=True).close()
    assert path.read_bytes() == whole


def test_a_last_line_that_lacks_its_end_alone_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path / "session.jsonl")
    path.write_bytes(path.read_bytes()[:-1])
    again = Journal(path, go_on=True)
    again.append(to_line(NO_MODE_WINS[0]))
    again.close()
    assert read(path).events == (*NO_MODE_WINS, NO_MODE_WINS[0])


def test_a_session_is_not_gone_on_with_while_it_is_written(tmp_path: Path) -> None:
    kept = Journal(tmp_path / "session.jsonl")
    kept.append(to_line(NO_MODE_WINS[0]))
    with pytest.raises(JournalError, match="is being written by another process"):
        Journal(kept.path, go_on=True)
    kept.append(to_line(NO_MODE_WINS[1]))
    kept.close()
    assert read(kept.path).events == (NO_MODE_WINS[0], NO_MODE_WINS[1])


def test_there_is_nothing_to_go_on_with_where_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="cannot go on with the session file"):
        Journal(tmp_path / "absent.jsonl", go_on=True)
    assert not list(tmp_path.iterdir())


def test_session_ids_differ_sort_by_time_and_are_safe_in_names(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len({new_session_id() for _ in range(100)}) == 100
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{8}", new_session_id())
    monkeypatch.setattr(time, "gmtime", lambda: (2031, 1, 2, 3, 4, 5, 0, 0, 0))
    assert new_session_id().startswith("20310102T030405Z-")
