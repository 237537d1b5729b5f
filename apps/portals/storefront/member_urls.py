"""Addresses of what members gather and say: garage, wishes, saved cars, reviews, questions; and of stores."""

from django.urls import path

from apps.portals.storefront.web import garage, product, questions, recent, reviews, saved, stores, wishlist

urlpatterns = [
    path("products/<slug:slug>/", product.product, name="product"),
    path("products/<slug:slug>/fit/", product.fit, name="product-fit"),
    path("products/<slug:slug>/reviews/", reviews.reviews, name="reviews"),
    path("products/<slug:slug>/reviews/write/", reviews.write, name="write-review"),
    path("products/<slug:slug>/questions/", questions.questions, name="questions"),
    path("reviews/<int:review_id>/edit/", reviews.edit, name="edit-review"),
    path("reviews/<int:review_id>/remove/", reviews.remove, name="remove-review"),
    path("reviews/<int:review_id>/helpful/", reviews.helpful, name="helpful-review"),
    path("reviews/<int:review_id>/report/", reviews.report, name="report-review"),
    path("reviews/<int:review_id>/reply/", reviews.reply, name="reply-review"),
    path("reviews/photos/<uuid:key>/<str:name>", reviews.photo, name="review-photo"),
    path("questions/<int:question_id>/answer/", questions.answer, name="answer-question"),
    path("account/reviews/", reviews.mine, name="my-reviews"),
    path("account/configurations/", saved.saved, name="saved"),
    path("account/configurations/<int:saved_id>/rename/", saved.rename, name="rename-saved"),
    path("account/configurations/<int:saved_id>/remove/", saved.remove, name="remove-saved"),
    path("garage/", garage.garage, name="garage"),
    path("garage/<int:car_id>/", garage.describe, name="garage-car"),
    path("garage/<int:car_id>/current/", garage.make_current, name="garage-current"),
    path("garage/<int:car_id>/remove/", garage.remove, name="garage-remove"),
    path("garage/forget/", garage.forget, name="garage-forget"),
    path("wishlist/", wishlist.wishlist, name="wishlist"),
    path("wishlist/add/", wishlist.add, name="wishlist-add"),
    path("wishlist/remove/", wishlist.remove, name="wishlist-remove"),
    path("recent/", recent.recent, name="recent"),
    path("recent/clear/", recent.clear, name="recent-clear"),
    path("stores/", stores.stores, name="stores"),
    path("stores/<slug:slug>/", stores.store, name="store"),
]
