from django.urls import path

from sceau.registry.web.publishing import bench, keys, register, sent, table, views

urlpatterns = [
    path("publishers/register", register.register, name="publisher_register"),
    path("products/", views.products, name="products"),
    path("products/<uuid:pk>/", views.product, name="product"),
    path("products/<uuid:pk>/key", keys.add, name="product_key"),
    path("products/<uuid:pk>/key/end", keys.end, name="product_key_end"),
    path("products/<uuid:pk>/bench/", bench.bench, name="bench"),
    path("products/<uuid:pk>/bench/begin", bench.begin, name="bench_begin"),
    path("products/<uuid:pk>/bench/look", bench.look, name="bench_look"),
    path("products/<uuid:pk>/sent/", sent.sent, name="product_sent"),
    path("products/<uuid:pk>/sent/<str:what>", sent.data, name="product_sent_data"),
    path("products/<uuid:pk>/table/", table.table, name="product_table"),
    path("products/<uuid:pk>/table/knock", table.knock, name="product_table_knock"),
    path("products/<uuid:pk>/table/<uuid:submission>", table.one, name="product_table_one"),
    path("products/<uuid:pk>/submit", views.submit, name="product_submit"),
    path("products/<uuid:pk>/take-back", views.take_back, name="product_take_back"),
]
