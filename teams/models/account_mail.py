"""Mail about accounts on its way, and an address that waits to be confirmed."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7, Lower

from teams.models.worker import Worker


class AccountMail(models.Model):
    """One message that is to be sent: sealed, since it may have a link or a code in it, and gone once it is sent."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    sealed = models.BinaryField(editable=False)
    due_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.pk} {self.attempts}"


class AddressChange(models.Model):
    """A new e-mail address of an account, until its owner proves that it is hers; the row has but a hash of the link."""

    worker = models.OneToOneField(Worker, on_delete=models.CASCADE, primary_key=True, related_name="address_change")
    email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="address_change_lower_case"),
        ]

    def __str__(self) -> str:
        return str(self.worker_id)
