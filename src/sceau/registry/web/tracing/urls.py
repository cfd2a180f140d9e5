from django.urls import path

from sceau.registry.web.tracing import cases, doubts, people

urlpatterns = [
    path("cases/", cases.cases, name="cases"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/claim", cases.claim, name="case_claim"),
    path("cases/<int:pk>/release", cases.release, name="case_release"),
    path("cases/<int:pk>/finish", cases.finish, name="case_finish"),
    path("cases/<int:pk>/touch", people.touch, name="case_touch"),
    path("cases/<int:pk>/open", people.show, name="case_open"),
    path("cases/<int:pk>/calls", people.call, name="case_call"),
    path("cases/<int:pk>/contacts", people.add, name="contact_add"),
    path("cases/<int:pk>/contacts/<uuid:contact>/touch", people.touch, name="contact_touch"),
    path("cases/<int:pk>/contacts/<uuid:contact>/open", people.show, name="contact_open"),
    path("cases/<int:pk>/contacts/<uuid:contact>/calls", people.call, name="contact_call"),
    path("doubts/", doubts.doubts, name="doubts"),
    path("doubts/<int:pk>/touch", doubts.touch, name="doubt_touch"),
    path("doubts/<int:pk>/open", doubts.show, name="doubt_open"),
    path("doubts/<int:pk>/settle", doubts.settle, name="doubt_settle"),
    path("doubts/<int:pk>/undo", doubts.undo, name="doubt_undo"),
]
