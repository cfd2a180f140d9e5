"""`GET /log/checkpoint`: the last signed note, for whoever keeps them elsewhere."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sceau.core.audit.models import Checkpoint


@login_not_required
@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    last = Checkpoint.objects.order_by("-size").values_list("note", flat=True).first()
    response = HttpResponse(last or "", content_type="text/plain; charset=utf-8", status=200 if last else 404)
    response["Cache-Control"] = "no-cache"
    return response
