"""The addresses of the pages."""

from django.urls import path

from board.pages import (
    account,
    answering,
    differences,
    gallery,
    history,
    hubs,
    picture,
    progress,
    renditions,
    review,
    search,
    stats,
    upload,
)
from board.pages import settings as settings_page

urlpatterns = [
    path("", gallery.gallery, name="gallery"),
    path("pictures/<str:public_id>", picture.picture, name="picture"),
    path("pictures/<str:public_id>/original", renditions.original, name="original"),
    path("pictures/<str:public_id>/report", picture.report, name="report"),
    path("pictures/<str:public_id>/withdraw", picture.withdraw, name="withdraw"),
    path("pictures/<str:public_id>/matching", hubs.matching, name="matching"),
    path("renditions/<path:key>", renditions.rendition, name="rendition"),
    path("upload", upload.upload, name="upload"),
    path("uploads/", upload.uploads, name="uploads"),
    path("uploads/<str:public_id>", progress.upload_status, name="upload-status"),
    path("uploads/<str:public_id>/answer", answering.answer, name="answer"),
    path("matches/<int:pk>/differences.png", differences.differences, name="differences"),
    path("search", search.search, name="search"),
    path("decisions/", history.history, name="history"),
    path("decisions/<int:pk>/undo", history.undo, name="undo"),
    path("review/", review.review, name="review"),
    path("review/<int:pk>", review.case, name="case"),
    path("review/<int:pk>/claim", review.claim, name="claim-case"),
    path("review/<int:pk>/close", review.close, name="close-case"),
    path("stats/", stats.stats, name="stats"),
    path("register", account.register, name="register"),
    path("sign-in", account.SignIn.as_view(), name="sign-in"),
    path("sign-out", account.SignOut.as_view(), name="sign-out"),
    path("settings", settings_page.account, name="account"),
    path("settings/tokens/<int:pk>/revoke", settings_page.revoke, name="revoke-token"),
]
