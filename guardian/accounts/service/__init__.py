"""The one door to the accounts pillar: finding accounts, and closing them."""

from guardian.accounts.service.closing import ClosingService
from guardian.accounts.service.search import AccountsService

__all__ = ["AccountsService", "ClosingService"]
