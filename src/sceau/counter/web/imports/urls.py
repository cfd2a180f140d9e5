from django.urls import path

from sceau.counter.web.imports import export, views

urlpatterns = [
    path("imports/new", views.new, name="import_new"),
    path("imports/preview", views.preview, name="import_preview"),
    path("imports/take", views.take, name="import_take"),
    path("imports/returned", views.returned, name="import_returned"),
    path("imports/progress", views.progress, name="import_progress"),
    path("export", export.choose, name="export"),
    path("export.csv", export.export, name="export_csv"),
]
