"""Sentences that stay as they are here, so that no picture changes with a word of the catalogue."""

from __future__ import annotations

from tests.scenes.studio import Studio

KINDS = {  # a sentence and a short name
    "ai-training": ("They use what you write to train computer models (AI).", "AI training"),
    "arbitration": (
        "A dispute goes to a private judge instead of a court.", "Forced arbitration",
    ),
    "change-without-notice": ("They change the rules without a word.", "Changes without notice"),
    "class-waiver": ("You may not join with others in one lawsuit.", "No group lawsuits"),
    "continued-use": ("Going on means that you agree to new rules.", "Using means agreeing"),
    "data-not-sold": ("They say that they do not sell your data.", "Data not sold"),
    "data-sale": ("They may sell data about you.", "Sale of data"),
    "kept-as-long-as-needed": ("They keep data as long as they need it.", "As long as needed"),
    "kept-for-law": ("Some data is kept because a law says so.", "Kept for legal reasons"),
    "kept-without-end": ("They keep some data without an end.", "Kept without end"),
    "liability-limited": ("They pay little if something goes wrong.", "Liability limited"),
    "notice-in-advance": ("They tell you about changes in advance.", "Notice before changes"),
    "own-data-rights": ("You can see, correct and delete your data.", "Your data rights"),
    "rough-location": ("They work out roughly where you are.", "Rough location"),
    "service-providers": ("Other companies do work for them.", "Service providers"),
    "stated-period": ("They say how long they keep some data.", "Stated period"),
    "unnamed-partners": ("They share data with unnamed companies.", "Unnamed partners"),
}  # fmt: skip
SENTENCES = {
    "clauses.why.ai-training": "What a model has learned is hard to take out of it again.",
    "clauses.why.data-sale": "Once sold, nobody can tell you who has it or get it back.",
    "clauses.action.opt-out-training": "Look in the settings for a switch, and turn it off.",
    "clauses.action.no-private-in-chat": "Do not put private things into it.",
    "clauses.check.gdpr.withdraw": "That you can take back your consent at any time.",
    "clauses.check.gdpr.withdraw.why": "A yes that you cannot take back is not a free yes.",
    "clauses.check.gdpr.legal-basis": "What allows them to use your data.",
    "clauses.check.gdpr.legal-basis.why": "It decides what you can stop.",
    "clauses.check.gdpr.complaint": "That you can complain to an authority.",
    "clauses.check.gdpr.complaint.why": "It costs nothing, and it can look into your case.",
    "clauses.check.gdpr.transfers": "Whether your data leaves Europe.",
}


def settle_words(studio: Studio) -> None:
    """Let the window of ``studio`` say these sentences."""
    texts = studio.guardian.words._texts
    texts.update(SENTENCES)
    for kind, (sentence, short) in KINDS.items():
        texts[f"clauses.kind.{kind}"], texts[f"clauses.short.{kind}"] = sentence, short
