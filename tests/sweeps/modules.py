"""All modules of the app, imported, so that nothing in them is missed."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from django.conf import settings

PACKAGES = [name for name in settings.INSTALLED_APPS if (settings.BASE_DIR / name).is_dir()]


def modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        root = importlib.import_module(package)
        yield root
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if ".migrations." not in found.name:
                yield importlib.import_module(found.name)


def subclasses(base: type) -> Iterator[type]:
    """All classes of ours below the base, however deep."""
    for child in base.__subclasses__():
        if child.__module__.split(".")[0] in PACKAGES:
            yield child
        yield from subclasses(child)
