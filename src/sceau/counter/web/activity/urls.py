from django.urls import path

from sceau.counter.web.activity.views import activity

urlpatterns = [path("activity/", activity, name="activity")]
