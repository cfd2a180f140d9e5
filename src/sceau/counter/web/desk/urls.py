from django.urls import path

from sceau.counter.web.desk import checkins, controls, kits, people, views

urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("desk/queue", views.queue, name="desk_queue"),
    path("desk/prepare", people.prepare, name="desk_prepare"),
    path("desk/search", people.search, name="desk_search"),
    path("desk/again", people.again, name="desk_again"),
    path("desk/new", people.new, name="desk_new"),
    path("desk/alike", people.alike, name="desk_alike"),
    path("desk/visits/<uuid:pk>/start", views.start, name="desk_start"),
    path("desk/visits/<uuid:pk>/consent", views.consent, name="desk_consent"),
    path("desk/visits/<uuid:pk>/result", views.result, name="desk_result"),
    path("desk/visits/<uuid:pk>/undo", views.undo, name="desk_undo"),
    path("desk/visits/<uuid:pk>/leave", views.leave, name="desk_leave"),
    path("desk/visits/<uuid:pk>/return", views.come_back, name="desk_return"),
    path("desk/checkins/<uuid:pk>/verify", checkins.verify, name="desk_verify"),
    path("desk/checkins/<uuid:pk>/dismiss", checkins.dismiss, name="desk_dismiss"),
    path("desk/checkins/<uuid:pk>/return", checkins.call_back, name="desk_call_back"),
    path("desk/kit", kits.choose, name="desk_kit"),
    path("desk/scan", kits.scan, name="desk_scan"),
    path("desk/scan/expired", kits.override, name="desk_override"),
    path("desk/control", controls.run, name="desk_control"),
    path("desk/control/failed", controls.override, name="desk_control_override"),
    path("desk/kits/new", kits.describe, name="desk_describe"),
]
