"""A letter as an .eml file that mail programs open as a draft. Pure."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from guardian.accounts.model import Letter
from guardian.accounts.rights.addresses import read_address, tidy
from guardian.core.errors import Problem


def to_eml(letter: Letter) -> bytes:
    """The draft. It names no host, no program and no time.

    Where no mail address of the recipient is known, the person fills it in. Raises
    ``Problem("letter-address-odd")`` for an address that is none.
    """
    sender, recipient = letter.wish.sender, letter.to
    draft = EmailMessage(policy=SMTP)
    draft["X-Unsent"] = "1"  # Outlook, Thunderbird and others then offer to send it
    draft["X-Uniform-Type-Identifier"] = "com.apple.mail-draft"  # so does Apple Mail
    draft["From"] = make_address(sender.name, sender.address)
    if recipient.email:
        draft["To"] = make_address(recipient.name, recipient.email)
    draft["Subject"] = tidy(letter.subject)
    draft.set_content(letter.text, cte="quoted-printable")
    return draft.as_bytes()


def make_address(name: str, address: str) -> Address:
    good = read_address(address)
    if good is None:
        raise Problem("letter-address-odd", address=tidy(address))
    return Address(tidy(name), addr_spec=good)
