"""All addresses of the app."""
urlpatterns: list = []
