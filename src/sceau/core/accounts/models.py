"""Who may sign in: staff of a pharmacy at the counter, staff of the registry there. Never a patient."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from sceau.core.data import DataClass, holds


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person of the staff, known by their work e-mail."""

    id = holds(DataClass.ROUTING, models.BigAutoField(primary_key=True))
    email = holds(DataClass.STAFF, models.EmailField(unique=True))
    name = holds(DataClass.STAFF, models.CharField(max_length=100))
    is_active = holds(DataClass.ROUTING, models.BooleanField(default=True))
    password = holds(DataClass.SECRET, models.CharField(max_length=128))
    last_login = holds(DataClass.STAFF, models.DateTimeField(null=True, blank=True))

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name
