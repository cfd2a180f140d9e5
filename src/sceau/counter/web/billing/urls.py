from django.urls import path

from sceau.counter.web.billing import views

urlpatterns = [
    path("billing/", views.billing, name="billing"),
    path("billing/customer", views.customer, name="billing_customer"),
    path("billing/invoices.csv", views.accounts, name="billing_accounts"),
    path("billing/invoices/<uuid:pk>", views.invoice, name="billing_invoice"),
    path("billing/invoices/<uuid:pk>/pdf", views.file, name="billing_file"),
]
