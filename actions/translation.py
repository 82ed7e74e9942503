"""The catalogue's columns that exist in English and in French."""

from modeltranslation.translator import TranslationOptions, register

from actions.models import Community, Practice


@register(Practice)
class PracticeTranslation(TranslationOptions):
    fields = ("label", "description", "example", "caution")


@register(Community)
class CommunityTranslation(TranslationOptions):
    fields = ("label", "description")
