"""Webhooks: programs and chats are told what happens to variants, signed, and until they have heard it.

`events.py` is what can be told, `webhook.py` who wants to hear what, `making.py` where that comes from,
`bodies.py` how it is said, `signing.py` by whom; `sealing.py` keeps addresses and secrets, `addresses.py`
says where nothing may be sent, `sending.py` sends, and `courier.py` sees to it that everything is delivered.
Events are stored in the transaction of what they tell.
"""
