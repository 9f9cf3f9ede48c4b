"""The command that opens the dashboard."""

from __future__ import annotations

from typing import Annotated

import typer

from recoverysim.command.app import FAILED, app
from recoverysim.command.speech import say


@app.command()
def dashboard(
    host: Annotated[
        str, typer.Option(help="Where it listens; 127.0.0.1 is this machine alone.")
    ] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(help="Its port, 0 for any free one; unless given, one from 8765 on."),
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open the browser, only say the address.")
    ] = False,
    developer: Annotated[
        bool, typer.Option("--developer", help="Mesa's own view of one model, for developers.")
    ] = False,
) -> None:
    """Open the dashboard in the browser: compare, follow, understand, hand over."""
    from recoverysim.dashboard.launch import CannotStart, serve

    try:
        serve(host, port, browse=not no_browser, developer=developer)
    except CannotStart as fault:
        say(str(fault))
        raise typer.Exit(FAILED) from None
    except KeyboardInterrupt:  # the usual way to end it
        say("The dashboard has ended.")
