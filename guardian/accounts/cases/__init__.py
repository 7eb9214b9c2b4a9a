"""An account on its way out: what to mind, where it stands, whether it is really gone."""
