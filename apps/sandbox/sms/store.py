"""Messages as a phone keeps them."""

import json
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any

from apps.sandbox.database import Database


@dataclass(frozen=True, slots=True)
class Message:
    """One short message to one phone."""

    id: int
    biz_id: str
    phone: str
    sign_name: str
    template_code: str
    params: dict[str, Any]
    text: str
    out_id: str
    at: float


class Messages:
    """All phones' inboxes."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(
        self,
        *,
        biz_id: str,
        phone: str,
        sign_name: str,
        template_code: str,
        params: dict[str, Any],
        text: str,
        out_id: str,
        at: float,
    ) -> None:
        self.database.run(
            "INSERT INTO messages (biz_id, phone, sign_name, template_code, params, text, out_id, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            biz_id,
            phone,
            sign_name,
            template_code,
            json.dumps(params, ensure_ascii=False),
            text,
            out_id,
            at,
        )

    def list_latest(self, *, phone: str = "", limit: int = 100) -> list[Message]:
        """Return the newest messages of a phone, or of all phones."""
        rows = self.database.all("SELECT * FROM messages WHERE ? IN ('', phone) ORDER BY id DESC LIMIT ?", phone, limit)
        return [_message(row) for row in rows]


def _message(row: Row) -> Message:
    values = dict(row)
    values["params"] = json.loads(values["params"])
    return Message(**values)
