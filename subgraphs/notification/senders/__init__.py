"""Who takes a message to somebody: the ports, and what stands behind them.

ports      what a sender of mails, text messages or pushes is
mime       a mail as mail programs read it
files      an outbox of files, to look at: nothing leaves the machine
smtp       a mail server
twilio     text messages by Twilio
fcm        pushes by Firebase Cloud Messaging
google     ... and the tokens that it wants
choosing   which of them an installation uses
"""
