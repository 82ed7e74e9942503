"""Mail for an installation without a mail server: each message becomes a file, and its path is printed."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

logger = logging.getLogger(__name__)


class Folder(BaseEmailBackend):
    def __init__(self, *, file_path: Path, **options: Any) -> None:
        super().__init__(**options)
        self.folder = file_path

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            path = self.folder / f"{timezone.localtime():%Y%m%d-%H%M%S}-{uuid4().hex[:8]}.eml"
            path.write_bytes(message.message().as_bytes())
            logger.info("A message was written to a file", extra={"file": path.name})
        return len(email_messages)
