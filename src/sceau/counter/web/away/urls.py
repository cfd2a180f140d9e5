from django.urls import path

from sceau.counter.web.away import kept, shell

urlpatterns = [
    path("desk/away", shell.page, name="desk_away"),
    path("desk/worker.js", shell.worker, name="desk_worker"),
    path("desk/kept/", kept.shown, name="desk_kept"),
    path("desk/kept/deposit", kept.bring, name="desk_deposit"),
    path("desk/kept/take", kept.take, name="desk_take"),
    path("desk/kept/all", kept.confirm_all, name="desk_confirm_all"),
    path("desk/kept/<uuid:pk>/", kept.mend, name="desk_mend"),
    path("desk/kept/<uuid:pk>/confirm", kept.confirm, name="desk_confirm"),
    path("desk/kept/<uuid:pk>/dismiss", kept.dismiss, name="desk_dismiss_kept"),
]
