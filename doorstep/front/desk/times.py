"""Times on the desk's pages: how long something takes or took, and on which clock it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from markupsafe import Markup

from doorstep.front.desk.wording import t
from doorstep.replies.formats import locale_of


@dataclass(frozen=True)
class Times:
    """Words times in a language, on the clock of the shop. All moments are aware."""

    language: str
    zone: ZoneInfo
    now: datetime

    def exact(self, moment: datetime, zone: tzinfo | None = None) -> str:
        """Day and time; on the shop's clock unless another is given."""
        there = moment.astimezone(zone or self.zone)
        return f"{format_date(there.date(), 'medium', locale=locale_of(self.language))} {there:%H:%M}"

    def clock(self, moment: datetime, zone: tzinfo | None = None) -> str:
        """Hours and minutes of a moment of today, with its day for any other, and its year for one of another year."""
        there, here = moment.astimezone(zone or self.zone), self.now.astimezone(zone or self.zone)
        if there.date() == here.date():
            return f"{there:%H:%M}"
        day = "MMMd" if there.year == here.year else "yMMMd"
        return f"{format_skeleton(day, there, locale=locale_of(self.language))} {there:%H:%M}"

    def span(self, length: timedelta) -> str:
        """A length of time in one or two units: "12 min", "3 h 5 min", "2 d 4 h"; negative ones count as their size."""
        minutes = int(abs(length) / timedelta(minutes=1))
        hours, days = minutes // 60, minutes // (60 * 24)
        if minutes < 1:
            return t(self.language, "span_moment")
        if hours < 1:
            return t(self.language, "span_minutes", minutes=minutes)
        if days < 1:
            return t(self.language, "span_hours", hours=hours, minutes=minutes % 60)
        return t(self.language, "span_days", days=days, hours=hours % 24)

    def since(self, moment: datetime) -> Markup:
        """How long ago, or how far ahead, a moment is; the element tells the exact time."""
        return self._element(moment, self.span(self.now - moment))

    def at(self, moment: datetime) -> Markup:
        """The clock's time of a moment; the element tells the exact time."""
        return self._element(moment, self.clock(moment))

    def there(self, moment: datetime, zone: tzinfo) -> str:
        """The clock's time of a moment on another clock; without the day where it is the same day there."""
        day = moment.astimezone(self.zone).date()
        there = moment.astimezone(zone)
        return f"{there:%H:%M}" if there.date() == day else self.clock(moment, zone)

    def _element(self, moment: datetime, shown: str) -> Markup:
        element = Markup('<time datetime="{}" title="{}">{}</time>')
        return element.format(moment.isoformat(), self.exact(moment), shown)
