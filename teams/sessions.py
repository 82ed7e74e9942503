"""Sessions in the database; a cookie that can be none of ours is no session, and never reaches a query."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        return super()._validate_session_key(key) and str(key).isalnum()  # type: ignore[misc]
