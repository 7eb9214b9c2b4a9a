"""What a mail says about an account: in many languages, from honest senders alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_helpers import harvest_text, is_account, kind_of, kinds, mail, make_head, say

from guardian.accounts.mail.content import load_lexicon, load_senders, load_words
from guardian.accounts.mail.judging import judge_body
from guardian.accounts.mail.senders import find_origin
from guardian.accounts.mail.tagging import DENSE, fold, split
from guardian.core.content import read_content

SIGN_UPS = [
    "Verify that this email belongs to you",
    "Kestrel: please activate your new account",
    "You created an account at Kestrel",
    "Welcome to Kestrel, Anna",
    "One last thing: finish setting up your profile",
    "Bitte verifizieren Sie Ihre Mailadresse",
    "Ihr Benutzerkonto wurde soeben angelegt",
    "Willkommen bei Kestrel",
    "Merci de valider votre adresse électronique",
    "Votre compte vient d'être créé",
    "Bienvenue chez Kestrel",
    "Activa tu usuario de Kestrel",
    "Confirme su dirección de correo electrónico",
    "Ative a sua conta para continuar",
    "Confirme o seu endereço de email",
    "请尽快验证您的电子邮箱",
    "您的帳戶已成功建立",
    "Attiva il profilo che hai creato",
    "Je nieuwe account is klaar",
    "Twoje konto zostało utworzone",
    "会員登録を完了してください",
]
SIGN_INS = [
    "Someone asked to reset your password",
    "Your password was changed just now",
    "664120 is your verification code",
    "New sign-in from Firefox on Linux",
    "Ihr Kennwort wurde zurückgesetzt",
    "Dein Anmeldecode: 664120",
    "Anmeldung über ein neues Gerät erkannt",
    "Réinitialisez votre mot de passe",
    "Connexion depuis un nouvel appareil",
    "Has solicitado restablecer la contraseña",
    "Código de verificación: 664120",
    "Sua senha foi alterada",
    "Novo login detectado na sua conta",
    "您的验证码为 664120",
    "您的登入密碼已變更",
]
CLOSED = [
    "Your account has been permanently deleted",
    "Ihr Konto wurde gelöscht",
    "Votre compte est désormais fermé et supprimé",
    "Tu cuenta fue eliminada",
    "A sua conta foi encerrada",
    "您的帐号已注销",
    "您的帳號已刪除",
]
LOOK_ALIKES = [
    "Please confirm your order",
    "Confirm your newsletter subscription",
    "Your account statement for March",
    "Welcome to our newsletter",
    "Please verify your purchase",
    "Invitation: review of the accounts, Tuesday",
    "Your verification report is attached",
    "Key Account Manager wanted: apply now",
    "Seven tips for a stronger password",
    "Your discount code: SPRING2024",
    "A new way to sign in is coming",
    "Confirm your booking for two",
    "Welcome to the winter sale",
    "Bitte bestätigen Sie Ihre Bestellung",
    "Ihr Kontoauszug ist da",
    "Ihre Anmeldung zum Webinar ist bestätigt",
    "Ihr Gutscheincode wartet",
    "Confirmez votre rendez-vous de mardi",
    "Votre relevé de compte est en ligne",
    "Votre code promo vous attend",
    "Confirma tu cita de mañana",
    "El estado de cuenta de marzo",
    "Confirme sua inscrição na newsletter",
    "O extrato da sua conta chegou",
    "请确认您的订单",
    "您的優惠碼即將到期",
    "会议报名确认",
    "Wie Sie sichere Passwörter wählen",
]


@pytest.mark.parametrize("subject", SIGN_UPS)
def test_a_mail_about_signing_up_shows_an_account(subject: str) -> None:
    assert say(subject, name="Kestrel") == "mail-sign-up"


@pytest.mark.parametrize("subject", SIGN_INS)
def test_a_mail_about_signing_in_shows_an_account(subject: str) -> None:
    assert say(subject, name="Kestrel") == "mail-sign-in"


@pytest.mark.parametrize("subject", CLOSED)
def test_a_mail_that_an_account_is_closed_is_known(subject: str) -> None:
    assert say(subject) == "mail-closed"


@pytest.mark.parametrize("subject", LOOK_ALIKES)
def test_what_only_sounds_like_it_shows_no_account(subject: str) -> None:
    assert not is_account(subject, name="Kestrel")


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("Your account will be deleted in 30 days", "mail-account"),
        ("Ihr Konto wird wegen Inaktivität gelöscht", "mail-account"),
        ("Changes to our terms of service", "mail-account"),
        ("Invoice 2024-118", "mail-receipt"),
        ("Votre commande 118: facture", "mail-receipt"),
        ("Your subscription will renew on Friday", "mail-subscription"),
    ],
)
def test_weaker_mails_are_told_apart(subject: str, kind: str) -> None:
    """A warning is not the end of an account: a case must not close on it."""
    assert say(subject) == kind


def test_where_the_subject_leaves_doubt_the_first_words_decide() -> None:
    subject = "Please confirm your email address"
    assert is_account(subject, body="Click here and your account is ready.")
    assert not is_account(subject, body="So that our newsletter reaches you every week.")
    assert is_account("Almost there", body="Choose a password for your account.")
    assert not is_account("Almost there", body="Your parcel arrives tomorrow.")
    assert judge_body("") is None


@pytest.mark.parametrize(
    "head",
    [
        make_head("Re: your new password"),
        make_head("AW: Passwort zurücksetzen"),
        make_head("Reset your password", replies=True),
        make_head("Reset your password", listed=True),
        make_head("Reset your password", "anna.brandt@kestrel.com", "Anna Brandt"),
        make_head("Reset your password", "anna@kestrel.com", "Anna Brandt"),
        make_head("Reset your password", "kestrel.help@gmail.com", "Kestrel"),
        make_head("Reset your password", "noreply@kestrel.mcsv.net", "Kestrel"),
        make_head("Reset your password", "root@localhost"),
        make_head("Reset your password", "root@[10.0.0.1]"),
    ],
    ids=lambda head: f"{head.sender} {head.subject}",
)
def test_people_lists_and_mailers_for_many_are_no_service(head: object) -> None:
    assert kind_of(head) == ""  # type: ignore[arg-type]


def test_a_mail_provider_itself_is_a_service() -> None:
    for sender in ("no-reply@accounts.google.com", "noreply@gmx.net", "security@mail.yahoo.com"):
        assert is_account("Reset your password", sender)


@pytest.mark.parametrize(
    ("more", "believed"),
    [
        ({}, True),
        ({"signatures": b"v=1; d=kestrel.com; s=a"}, True),
        ({"signatures": b"v=1; d=bulk.net; s=a", "return_path": b"<x@mail.kestrel.com>"}, True),
        ({"signatures": b"v=1; d=bulk.net; s=a"}, False),
        ({"return_path": b"<bounce@elsewhere.net>"}, False),
        ({"signatures": b"v=1; d=bulk.net", "results": b"mx; dkim=pass;\r\n dmarc=pass"}, True),
        ({"signatures": b"v=1; d=kestrel.com", "results": b"mx; dmarc=fail"}, False),
        ({"results": b"mx; spf=fail x; dkim=fail y"}, False),
    ],
)
def test_a_sender_is_believed_when_the_signature_is_its_own(
    more: dict[str, bytes], believed: bool
) -> None:
    """A mailer that signs in its own name needs the receiving server's word; nothing is fine."""
    head = make_head("Reset your password", "no-reply@kestrel.com", **more)
    assert (kind_of(head) == "mail-sign-in") == believed


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("service@pаypal.com", "PayPal"),  # a Cyrillic letter
        ("service@xn--pypal-4ve.com", "PayPal"),
        ("service@ｐａｙｐａｌ.com", "PayPal"),
        ("service@paypa1.com", "PayPal"),
        ("service@paypal-secure.com", ""),
        ("alert@random-shop.biz", "PayPal Security"),
        ("a\u202emoc.lapyap@x.com", "\u202e"),
    ],
)
def test_a_domain_that_poses_as_another_never_counts_as_any(sender: str, name: str) -> None:
    origin = find_origin(sender, name)
    assert origin is None or origin.site == "x.com"
    assert origin is None or "paypal" not in origin.site


def test_an_honest_international_domain_stands_for_itself() -> None:
    origin = find_origin("no-reply@bücher-müller.de", "Bücher Müller")
    assert origin
    assert origin.site == "xn--bcher-mller-thbg.de"
    for host in ("faß.de", "xn--fa-hia.de"):  # another site than fass.de
        eszett = find_origin(f"no-reply@{host}", "Faß")
        assert eszett
        assert eszett.site == "xn--fa-hia.de"


def test_a_name_that_means_something_else_does_not_mislead() -> None:
    """«Booking.com» speaks of no booking, and «Fare Deals» of no sale."""
    assert is_account("Verify your Booking.com account", "no-reply@booking.com", "Booking.com")
    assert is_account("Fare Deals: confirm your email", "no-reply@faredeals.com", "Fare Deals")


def test_a_doubtful_mail_counts_only_as_the_first_of_its_sender() -> None:
    welcome = ("Welcome, Anna!", "Kite <team@kite.com>")
    early, late = "Mon, 1 Apr 2019 12:00:00 +0000", "Wed, 1 Apr 2020 12:00:00 +0000"
    news = ("Kites of the month", "Kite <news@kite.com>")
    first = harvest_text(mail(*welcome, date=early) + mail(*news, date=late))
    assert ("kite.com", "mail-sign-up") in kinds(first)
    second = harvest_text(mail(*news, date=early) + mail(*welcome, date=late))
    assert ("kite.com", "mail-sign-up") not in kinds(second)


def test_every_idea_in_a_rule_is_spoken_in_every_language() -> None:
    rules = read_content("accounts/mail/rules.json", dict)
    wanted = {
        idea
        for part in ("subject", "weak", "body")
        for rule in rules[part]
        for idea in (*rule["all"], *rule.get("unless", ()))
    }
    wanted |= {idea for ideas in rules["sets"].values() for idea in ideas}
    wanted |= set(rules["body_else"])
    words = load_words()
    assert {"en", "de", "fr", "es", "pt", "zh"} <= set(words)
    for language in ("en", "de", "fr", "es", "pt"):
        assert wanted - set(rules["sets"]) - {"resetting"} <= set(words[language]), language
    spoken = {idea for language in words.values() for idea in language}
    assert spoken - {"mask"} == wanted - set(rules["sets"])


def test_fragments_are_long_enough_to_mean_something() -> None:
    for language in load_words().values():
        for fragments in language.values():
            for fragment in fragments:
                assert len(fragment.strip("*")) > 1, fragment
                assert "*" not in fragment or len(fragment.strip("*")) > 2, fragment
                assert re.search(rf"[^\W_]|[{DENSE}]", fold(fragment)), fragment


def test_a_mask_hides_what_stands_inside_it() -> None:
    assert "account" not in load_lexicon().tag("key account manager")
    assert "account" in load_lexicon().tag("key account manager: your account")


SPOKEN = sorted(
    {
        word.strip("*")
        for language in load_words().values()
        for fragments in language.values()
        for fragment in fragments
        for word in split(fold(fragment))
    }
)


@given(
    st.lists(
        st.one_of(
            st.sampled_from(SPOKEN),
            st.sampled_from(SPOKEN).map(lambda word: word + "ing"),
            st.sampled_from(SPOKEN).map(lambda word: "pre" + word),
            st.text(max_size=5).map(lambda text: "".join(split(fold(text)))),
        ),
        max_size=12,
    )
)
def test_the_outline_of_a_text_speaks_of_the_same(words: list[str]) -> None:
    lexicon = load_lexicon()
    assert lexicon.tag_words(lexicon.outline(words)) == lexicon.tag_words(words)


def test_lists_of_senders_hold_registrable_domains() -> None:
    senders = load_senders()
    for domain in (*senders.private, *senders.relays, *senders.aliases):
        assert domain == domain.lower()
        assert "." in domain
