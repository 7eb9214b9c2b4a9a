"""Reads how long a period is and how large an amount, so that two of them can be compared."""

from __future__ import annotations

import re

from guardian.clauses.rules.folding import fold

NUMBER_WORDS = {
    **{word: value for value, word in enumerate((
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
        "nineteen", "twenty",
    ))},
    "a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "hundred": 100,
}  # fmt: skip
HAN_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
HAN_TENS = {"十": 10, "百": 100, "千": 1000}
UNITS = {
    "minute": 1 / 1440, "分钟": 1 / 1440, "hour": 1 / 24, "小时": 1 / 24, "day": 1.0, "日": 1.0,
    "天": 1.0, "week": 7.0, "周": 7.0, "星期": 7.0, "month": 365.25 / 12, "个月": 365.25 / 12,
    "quarter": 365.25 / 4, "year": 365.25, "年": 365.25,
}  # fmt: skip
WORKING = 7 / 5  # days of the calendar in one working day
PERIOD = re.compile(
    r"(?:(?P<digits>\d{1,4}(?:\.\d{1,2})?)|(?P<han>[零〇一二两三四五六七八九十百千]{1,6})"
    r"|\b(?P<word>[a-z]{1,9}(?:-[a-z]{3,5})?))"
    r"\)?[ -]{0,3}(?P<working>(?:business|working|calendar)[ -]|个?工作)?"
    r"(?P<unit>minute|hour|day|week|month|quarter|year|分钟|小时|个月|月|星期|周|天|日|年)"
)
AMOUNT = re.compile(r"\d{1,3}(?:[,  ]\d{3}){1,5}(?:\.\d{1,2})?|\d{1,12}(?:\.\d{1,2})?")


def read_days(text: str) -> float | None:
    """The first period in ``text``, in days: “six (6) months”, “三十日”. None without one."""
    for found in PERIOD.finditer(fold(text).lower()):
        number = read_number(found["digits"], found["han"], found["word"])
        if number is None:
            continue
        unit = UNITS.get(found["unit"], UNITS["month"])
        working = bool(found["working"]) and "calendar" not in found["working"]
        return number * unit * (WORKING if working else 1)
    return None


def read_number(digits: str | None, han: str | None, word: str | None) -> float | None:
    """A number in digits, Chinese or English words."""
    if digits:
        return float(digits)
    if han:
        return float(read_han(han))
    parts = [NUMBER_WORDS.get(part) for part in (word or "").split("-")]
    return float(sum(part for part in parts if part)) if all(parts) and parts else None


def read_han(signs: str) -> int:
    """A number below ten thousand in Chinese signs: 三十 is 30, 一百二十 is 120."""
    total = digit = 0
    for sign in signs:
        if sign in HAN_TENS:
            total += (digit or 1) * HAN_TENS[sign]
            digit = 0
        else:
            digit = HAN_DIGITS[sign]
    return total + digit


def read_amount(text: str) -> float | None:
    """The first number in ``text``: “US$1,000” is 1000. None where there is none."""
    found = AMOUNT.search(text)
    return float(re.sub(r"[,  ]", "", found[0])) if found else None
