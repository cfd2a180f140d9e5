from django.urls import path

from sceau.registry.web.publishing import keys, register, views

urlpatterns = [
    path("publishers/register", register.register, name="publisher_register"),
    path("products/", views.products, name="products"),
    path("products/<uuid:pk>/", views.product, name="product"),
    path("products/<uuid:pk>/key", keys.add, name="product_key"),
    path("products/<uuid:pk>/key/end", keys.end, name="product_key_end"),
    path("products/<uuid:pk>/submit", views.submit, name="product_submit"),
    path("products/<uuid:pk>/take-back", views.take_back, name="product_take_back"),
]
