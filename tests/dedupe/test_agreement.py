"""How far staff agree with people, with an interval that is honest for few samples."""

from __future__ import annotations

import pytest

from board.models import User
from dedupe import workflow
from dedupe.agreement import Share, agreement, wilson
from dedupe.models import CaseKind, Decision, DecisionKind, Role, Verdict
from dedupe.workflow import Resolution
from tests.cases import case_about, published


@pytest.mark.parametrize(
    ("count", "of", "expected"),
    [
        # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_the_interval_is_wilsons(count: int, of: int, expected: tuple[float, float]) -> None:
    assert wilson(count, of) == pytest.approx(expected, abs=5e-5)


def test_nothing_has_no_share() -> None:
    assert (Share(0, 0).value, Share(0, 0).interval) == (None, None)
    assert Share(3, 3).interval == pytest.approx((0.4385, 1.0), abs=1e-4)


def test_samples_and_overrides_are_counted_while_they_stand(alice: User, bob: User, mod: User) -> None:
    older = published(bob, 9)

    def sample(resolution: Resolution) -> Decision:
        case = case_about(published(alice), older, CaseKind.SAMPLE)
        case.cause = Decision.objects.create(
            kind=DecisionKind.ANSWER, picture=case.picture, match=case.match, actor=alice, role=Role.UPLOADER,
            verdict=Verdict.SAME,
        )  # fmt: skip
        case.save()
        return workflow.resolve_case(mod, case, resolution)

    sample(Resolution.KEEP_OLDER)
    sample(Resolution.KEEP_OLDER)
    wrong = sample(Resolution.VARIANT)
    case_about(published(alice), older, CaseKind.SAMPLE)
    override = case_about(published(alice), older, CaseKind.OVERRIDE)
    workflow.resolve_case(mod, override, Resolution.DIFFERENT)
    found = agreement()
    assert (found.samples, found.waiting) == (Share(2, 3), 1)
    assert (found.overrides, found.proposals) == (Share(1, 1), Share(0, 0))
    workflow.undo_decision(mod, wrong)
    assert agreement().samples == Share(2, 2)
