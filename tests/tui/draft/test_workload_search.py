from __future__ import annotations

from time import perf_counter

import pytest

from bench.catalogue import WORKLOADS
from bench.events import WorkloadInfo
from tui.config.remembered import MOST_RECENT, Settings
from tui.draft.draft import OWN
from tui.draft.workload_search import OWN_HEADING, RECENT, STARRED, search, sections, summary

INFOS = {name: workload.info() for name, workload in WORKLOADS.items()}
MINE = WorkloadInfo("code/steps.py::scale", OWN, "", "", (), ("float32",))


def first(words: str) -> str:
    return search(words, INFOS.values())[0].info.name


def test_a_list_begins_with_what_is_starred_and_ends_with_what_is_the_users() -> None:
    listed = sections({**INFOS, MINE.name: MINE}, ("lstm", "gone"), ("matmul",))
    assert list(listed)[:3] == [STARRED, RECENT, "matmul"]
    assert list(listed)[-1] == OWN_HEADING
    assert [info.name for info in listed[STARRED]] == ["lstm"]
    assert [info.name for info in listed[RECENT]] == ["matmul"]
    assert listed[OWN_HEADING] == [MINE]


def test_every_workload_stands_in_its_family_also_where_it_is_starred() -> None:
    listed = sections(INFOS, ("lstm",), ("matmul",))
    families = [info for heading, infos in listed.items() if heading not in (STARRED, RECENT) for info in infos]
    assert sorted(info.name for info in families) == sorted(INFOS)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("matmul", "matmul"),
        ("mat", "matmul"),
        ("gru", "gru"),
        ("conv trans", "conv2d_transpose"),
        ("step decode", "decode_step"),
        ("mha", "multi_head_attention"),
        ("resnet", "resnet50"),
        ("NORM layer", "layer_norm"),
        ("bert", "encoder_layer"),
        ("horner", "polynomial"),
        ("library factorisation", "solve"),
        ("debugging", "tf_print"),
    ],
)
def test_words_are_found_in_name_family_help_and_what_is_taught(words: str, name: str) -> None:
    assert first(words) == name


def test_a_name_counts_more_than_a_family_and_that_more_than_help() -> None:
    found = [each.info.name for each in search("recurrent", INFOS.values())]
    assert set(found[:5]) == {name for name, info in INFOS.items() if info.family == "recurrent"}
    assert first("softmax") == "softmax"


def test_every_word_must_be_found() -> None:
    assert search("matmul zebra", INFOS.values()) == []
    assert len(search("", INFOS.values())) == len(INFOS)


def test_where_a_word_stands_is_told() -> None:
    (found, *_) = search("mat rel", INFOS.values())
    assert found.info.name == "matmul_bias_relu"
    assert [found.info.name[at] for at in found.letters] == [*"mat", *"rel"]
    (found, *_) = search("horner", INFOS.values())
    ((start, end),) = found.spans
    assert found.text[start:end] == "Horner"


def test_what_was_opened_is_found_by_its_path_and_tells_it() -> None:
    assert [each.info for each in search("code/steps", [MINE])] == [MINE]
    assert summary(MINE) == MINE.name


def test_no_words_make_a_search_slow() -> None:
    began = perf_counter()
    for words in ("e" * 12, "transformertrainstep", "a b c d e f g h i j k", "onestepofadamonakeras"):
        search(words, INFOS.values())
    assert perf_counter() - began < 5


def test_a_star_is_given_and_taken() -> None:
    settings = Settings().with_star_turned("lstm").with_star_turned("gru")
    assert settings.starred == ("lstm", "gru")
    assert settings.with_star_turned("lstm").starred == ("gru",)


def test_what_was_measured_is_remembered_the_latest_first_up_to_a_bound() -> None:
    settings = Settings().with_measured("a").with_measured("b", "c").with_measured("a")
    assert settings.recent == ("a", "b", "c")
    assert len(settings.with_measured(*map(str, range(20))).recent) == MOST_RECENT
