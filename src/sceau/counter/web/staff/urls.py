from django.urls import path

from sceau.counter.web.staff import views

urlpatterns = [
    path("staff/", views.staff, name="staff"),
    path("staff/invite", views.invite, name="staff_invite"),
    path("staff/<int:pk>/role", views.role, name="staff_role"),
    path("staff/<int:pk>/second-factor", views.second_factor, name="staff_second_factor"),
    path("staff/<int:pk>/withdraw", views.withdraw, name="staff_withdraw"),
    path("staff/<int:pk>/leave", views.leave, name="staff_leave"),
]
