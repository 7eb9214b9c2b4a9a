"""``guardian report``: one page about the checkup, for oneself or for others."""

from __future__ import annotations

from pathlib import Path

import click

from guardian.checkup.report import make_report
from guardian.cli.checkup.answers import report_change, report_moment, report_plan, report_shared
from guardian.cli.session import Session, json_option, output, pass_session, write_file
from guardian.core.clock import local_now


@click.command()
@click.option("--html", "target", type=click.Path(path_type=Path), help="Write the page here.")
@click.option("--share", is_flag=True, help="The cut for others: numbers, no names, no reasons.")
@json_option("The same as JSON.")
@pass_session
def report(session: Session, target: Path | None, share: bool, as_json: bool) -> None:
    """A one-page report of the checkup. The PDF of it is made in the window.

    \b
    Example:
      guardian report --html checkup.html
      guardian report --share --html to-show.html

    \b
    JSON: {"score", "change", "history", "plan"}; with --share: {"score", "held", "areas",
      "history": [{"day", "score"}], "next": [title], "more", "put_aside"}
    """
    checkup = session.unlocked().checkup
    sheet, plan, history = checkup.sheet(), checkup.plan(), checkup.history()
    if as_json and share:
        session.print_json(report_shared(sheet, plan, history, session.words))
        return
    if as_json:
        session.print_json({
            "score": sheet.score.value,
            "change": report_change(sheet.change, session.words) if sheet.change else None,
            "history": [report_moment(one) for one in history],
            "plan": report_plan(plan, session.words),
        })  # fmt: skip
        return
    page = make_report(sheet, plan, history, session.words, share=share, now=local_now())
    if target is None:
        with output():
            click.echo(page)
        return
    write_file(target, page.encode())
    session.say("report.written", name=target.name)
