"""Which ways a notification takes to somebody."""

from subgraphs.contracts.notification import Channel
from subgraphs.notification.domain.kinds import Category
from subgraphs.notification.domain.recipient import Recipient


def channels_to(recipient: Recipient, category: Category) -> tuple[Channel, ...]:
    """The channels by which they wish to hear of it and can be reached, in the order of `Channel`.

    What is mandatory comes by mail, whatever they wish.
    """
    wanted = recipient.wishes[category] | ({Channel.EMAIL} if category.is_mandatory else frozenset())
    reachable = {
        Channel.EMAIL: recipient.email is not None,
        Channel.PUSH: bool(recipient.devices),
        Channel.SMS: recipient.phone is not None,
    }
    return tuple(channel for channel in Channel if channel in wanted and reachable[channel])
