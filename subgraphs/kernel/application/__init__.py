"""What a context can be asked to do, by whom, and the buses that see to it.

messages   Command and Query
request    who asks, and in the course of what
policies   who may
route      how a command is handled, and one command on its way
middleware the steps that every command goes through
buses      the command bus and the query bus
"""
