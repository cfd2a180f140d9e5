"""Forms that make a new credential: the owner's password vouches for it at the keyholder."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sceau.core.accounts import slots
from sceau.core.accounts.backends import explain
from sceau.core.accounts.models import User
from sceau.core.accounts.slots import Vouched
from sceau.core.keyholder.errors import KeyholderError


class VouchedForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def vouched(self, user: User) -> Vouched | None:
        """What this user's password vouches with; None, with the reason beside the field, if it is wrong or cannot be tried."""
        try:
            vouched = slots.vouch(user, self.cleaned_data["password"])
        except KeyholderError as error:
            return self.add_error(None, explain(error))
        return vouched or self.add_error("password", _("This is not your present password."))
