from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intaglio.errors import MalformedInput
from intaglio.times import format_time, parse_time


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-06-30T12:00:00Z", datetime(2026, 6, 30, 12, tzinfo=UTC)),
        ("2026-06-30T14:00:00+02:00", datetime(2026, 6, 30, 12, tzinfo=UTC)),
        ("2026-06-30T02:30:00-09:30", datetime(2026, 6, 30, 12, tzinfo=UTC)),
        ("2026-07-01T02:00:00+14:00", datetime(2026, 6, 30, 12, tzinfo=UTC)),
        ("2026-06-29T22:00:00-14:00", datetime(2026, 6, 30, 12, tzinfo=UTC)),
        ("2026-06-30T12:00:00-00:00", datetime(2026, 6, 30, 12, tzinfo=UTC)),
        ("2026-06-30T12:00:00.5Z", datetime(2026, 6, 30, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-06-30T12:00:00.1234567891Z", datetime(2026, 6, 30, 12, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-06-30T24:00:00Z", datetime(2026, 7, 1, tzinfo=UTC)),
        ("2026-12-31T24:00:00.000-01:00", datetime(2027, 1, 1, 1, tzinfo=UTC)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59.999999Z", datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_a_time_with_an_offset_is_read_as_utc(text: str, moment: datetime) -> None:
    parsed = parse_time(text)
    assert parsed == moment
    assert parsed.tzinfo is UTC


def test_a_time_without_an_offset_is_utc_where_version_1_1_allows_it() -> None:
    assert parse_time("2020-01-01T00:00:00", offset_required=False) == datetime(2020, 1, 1, tzinfo=UTC)
    assert parse_time("2020-01-01T00:00:00+01:00", offset_required=False) == datetime(2019, 12, 31, 23, tzinfo=UTC)
    with pytest.raises(MalformedInput):
        parse_time("2020-01-01T00:00:00")


@pytest.mark.parametrize(
    "value",
    [
        *("", "2026-06-30", "12:00:00Z", "2026-06-30 12:00:00Z", "2026-06-30t12:00:00z", "2026-6-30T12:00:00Z"),
        *("2026-06-30T12:00Z", "2026-06-30T12:00:00.Z", "2026-06-30T12:00:00,5Z", "2026-06-30T12:00:00+0200"),
        *(
            "2026-06-30T12:00:00+02",
            "2026-06-30T12:00:00+14:01",
            "2026-06-30T12:00:00+15:00",
            "2026-06-30T12:00:00+01:60",
        ),
        *("2026-06-30T12:00:00Z\n", " 2026-06-30T12:00:00Z", "2026-06-30T12:00:00Z ", "٢٠٢٦-06-30T12:00:00Z"),
        *("+2026-06-30T12:00:00Z", "20260-06-30T12:00:00Z", "2026-06-30T12:00:00ZZ", "2026-W27-2T12:00:00Z"),
        *("2026-06-30T12:00:00." + "0" * 100 + "Z", "9" * 5_000_000),
        *(None, 1_782_820_800, True, ["2026-06-30T12:00:00Z"], {"@value": "2026-06-30T12:00:00Z"}),
    ],
)
def test_what_is_not_written_as_the_standard_asks_is_no_time(value: object) -> None:
    with pytest.raises(MalformedInput) as caught:
        parse_time(value, pointer="/validFrom", offset_required=False)
    assert (caught.value.problem.kind, caught.value.problem.pointer) == ("bad-time", "/validFrom")
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "text",
    [
        *("2026-02-30T12:00:00Z", "2025-02-29T00:00:00Z", "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z"),
        *("2026-06-00T00:00:00Z", "2026-06-30T25:00:00Z", "2026-06-30T24:00:01Z", "2026-06-30T24:01:00Z"),
        *("2026-06-30T12:60:00Z", "2026-06-30T12:00:60Z", "0000-01-01T00:00:00Z", "-0044-03-15T00:00:00Z"),
        *("9999-12-31T24:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-14:00"),
    ],
)
def test_a_day_that_no_calendar_has_is_no_time(text: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        parse_time(text)
    assert caught.value.problem.kind == "bad-time"


def test_a_time_is_written_in_utc_and_whole_seconds() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    assert format_time(datetime(2026, 6, 30, 17, 30, 59, 999_999, tzinfo=east)) == "2026-06-30T12:00:59Z"


@pytest.mark.parametrize("year", [1, 33, 999, 1000, 9999])
def test_the_year_always_has_four_digits(year: int) -> None:
    assert format_time(datetime(year, 1, 1, tzinfo=UTC)) == f"{year:04}-01-01T00:00:00Z"


@settings(deadline=None)
@given(st.datetimes(timezones=st.just(UTC)))
def test_a_written_time_is_read_as_the_same_second(moment: datetime) -> None:
    assert parse_time(format_time(moment)) == moment.replace(microsecond=0)


@settings(deadline=None)
@given(st.text(alphabet="0123456789-+:TZ.", max_size=40))
def test_text_that_looks_like_a_time_is_read_or_refused(text: str) -> None:
    try:
        moment = parse_time(text, offset_required=False)
    except MalformedInput:
        return
    assert moment.tzinfo is UTC
