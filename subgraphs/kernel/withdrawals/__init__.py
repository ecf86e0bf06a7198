"""Access tokens that are good no more, though they have not expired.

A token says for a quarter of an hour who somebody is and what they may do, and nobody is asked about it. Of
those who are deleted, shut out, given another role or logged out meanwhile whoever signs tokens tells
(`AccessWithdrawn`). Each process keeps in mind what has been withdrawn for as long as such a token could
live, which is little, and looks once a second into its database for what others have heard.

withdrawal   what is withdrawn, and which tokens that covers
withdrawals  what a process keeps in mind
"""

from subgraphs.kernel.withdrawals.withdrawal import AccessWithdrawn
from subgraphs.kernel.withdrawals.withdrawals import Withdrawals

__all__ = ["AccessWithdrawn", "Withdrawals"]
