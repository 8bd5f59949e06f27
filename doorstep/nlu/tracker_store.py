"""Keeps Rasa's conversation state in Doorstep's own database, so that a restart forgets nothing."""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import SQLTrackerStore

from doorstep import settings


class DoorstepTrackerStore(SQLTrackerStore):
    """Rasa's SQL store on the database of DOORSTEP_DATABASE_URL."""

    @staticmethod
    def get_db_url(*_args: Any, **_kwargs: Any) -> str:
        """The database's URL; what endpoints.yml says of a database is not asked."""
        return settings.load().database_url
