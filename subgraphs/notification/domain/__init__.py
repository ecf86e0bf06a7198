"""The model of telling people something.

kinds         what can be said, and how important each is
recipient     somebody: where they are reached, and what they wish to hear
addresses     phone numbers and devices
routing       which ways a notification takes to somebody
notification  something said to somebody, and how it got there
events        what happened
errors        what the rules answer when they say no
"""
