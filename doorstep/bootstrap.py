"""The one place where concrete parts are chosen and put together."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy.engine import make_url

from doorstep import settings as settings_module
from doorstep.assistant import Assistant
from doorstep.policy import shop as shop_policy
from doorstep.ports import SystemClock
from doorstep.storage import migrate
from doorstep.storage.engine import make_engine


@lru_cache(maxsize=1)
def assistant() -> Assistant:
    """The assistant of this process, wired from the environment on first use.

    Raises SettingsError or PolicyError when the environment or the seller's file is wrong, and MigrationError
    while the database has no tables or those of another version.
    """
    settings = settings_module.load()
    policy = shop_policy.load(settings.policy_file)
    if not migrate.is_current(settings.database_url):
        shown = make_url(settings.database_url).render_as_string(hide_password=True)
        raise migrate.MigrationError(f"{shown} lacks the tables of this version: run `doorstep demo` or `doorstep up`.")
    engine = make_engine(settings.database_url, flush=False)
    return Assistant(engine, policy, SystemClock(settings.clock_file), settings.fingerprint, settings.public_url)
