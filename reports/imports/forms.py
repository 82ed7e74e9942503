"""The form that takes a file."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reports.imports import files, uploads
from teams.models import Import, Worker
from teams.spreadsheets.limits import SheetError, too_large


class UploadForm(forms.Form):
    """A spreadsheet of one kind; whatever keeps it from being read at all is told here."""

    file = forms.FileField(
        label=_("Your file"),
        help_text=_(
            "CSV or XLSX, at most 10 MB and 20,000 rows. Nothing is written yet: first you see what it would do."
        ),
        max_length=250,
        allow_empty_file=True,  # the reader of sheets says it better
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def __init__(self, *args: Any, kind: str, worker: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.worker = kind, worker

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        assert self.worker.agency is not None
        try:
            if file.size > files.LIMITS.size:
                raise too_large(files.LIMITS)
            files.read(file, name=file.name, kind=self.kind, agency=self.worker.agency)
        except SheetError as error:
            raise ValidationError(str(error)) from error
        return file

    def save(self) -> Import:
        file = self.cleaned_data["file"]
        file.seek(0)
        return uploads.start(kind=self.kind, name=file.name, content=file.read(), by=self.worker)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_id = "page-form"
        helper.attrs = {"novalidate": True}
        helper.layout = Layout("file", Submit("", _("Upload and check")))
        return helper
