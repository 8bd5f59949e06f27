"""Where on the clock a buyer is: the time zone of an address, as far as the address tells it."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global

from doorstep.orders import Address

# Countries where nearly everybody has one time, and the postcodes (by their beginning) of those who have another.
_ONE_FOR_MOST = {
    "CN": ("Asia/Shanghai", ()),
    "ES": ("Europe/Madrid", ("35", "38")),  # the Canary Islands
    "NZ": ("Pacific/Auckland", ()),
    "PT": ("Europe/Lisbon", ("9",)),  # Madeira and the Azores
    "UA": ("Europe/Kiev", ()),
}
# By state or province, as it is abbreviated. One that lies in two zones is not named.
_BY_REGION = {
    "AU": {
        "Australia/Sydney": "ACT NSW", "Australia/Melbourne": "VIC", "Australia/Hobart": "TAS",
        "Australia/Brisbane": "QLD", "Australia/Adelaide": "SA", "Australia/Darwin": "NT", "Australia/Perth": "WA",
    },
    "BR": {
        "America/Sao_Paulo": "AL AP BA CE DF ES GO MA MG PA PB PE PI PR RJ RN RS SC SE SP TO",
        "America/Manaus": "AM MS MT RO RR", "America/Rio_Branco": "AC",
    },
    "CA": {
        "America/Halifax": "NB NS PE", "America/Winnipeg": "MB", "America/Regina": "SK", "America/Edmonton": "AB",
        "America/Whitehorse": "YT", "America/Toronto": "ON QC", "America/Vancouver": "BC", "America/St_Johns": "NL",
    },
    "US": {
        "America/New_York": "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
        "America/Chicago": "AL AR IA IL LA MN MO MS OK WI", "America/Denver": "CO MT NM UT WY",
        "America/Phoenix": "AZ", "America/Los_Angeles": "CA NV WA", "Pacific/Honolulu": "HI",
    },
}  # fmt: skip


def zone_of(address: Address, at: datetime) -> ZoneInfo | None:
    """The time zone of an address at a moment; None where its country has several and the address does not tell."""
    country = address.country.upper()
    if country in _BY_REGION:
        region = address.region.strip().upper()
        return next((ZoneInfo(zone) for zone, those in _BY_REGION[country].items() if region in those.split()), None)
    if country in _ONE_FOR_MOST:
        zone, elsewhere = _ONE_FOR_MOST[country]
        return None if elsewhere and address.postcode.startswith(elsewhere) else ZoneInfo(zone)
    zones = _zones_of(country)
    return zones[0] if len({at.astimezone(zone).utcoffset() for zone in zones}) == 1 else None


@lru_cache(maxsize=512)
def _zones_of(country: str) -> tuple[ZoneInfo, ...]:
    """All zones of a country, by the tables of Unicode; those that this machine does not know are left out."""
    zones = []
    for name in get_global("territory_zones").get(country, ()):
        try:
            zones.append(ZoneInfo(name))
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return tuple(zones)
