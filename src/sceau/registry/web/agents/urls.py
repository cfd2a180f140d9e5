from django.urls import path

from sceau.registry.web.agents import mine, views

urlpatterns = [
    path("agents/", views.agents, name="agents"),
    path("agents/appoint", views.appoint, name="agent_appoint"),
    path("agents/<int:pk>/change", views.change, name="agent_change"),
    path("agents/<int:pk>/end", views.end, name="agent_end"),
    path("agents/<int:pk>/touch", views.touch, name="agent_touch"),
    path("agents/<int:pk>/vouch", views.vouch, name="agent_vouch"),
    path("accounts/agent/", mine.passkey, name="agent_passkey"),
    path("accounts/agent/options", mine.options, name="agent_options"),
    path("accounts/agent/bring", mine.bring, name="agent_bring"),
]
