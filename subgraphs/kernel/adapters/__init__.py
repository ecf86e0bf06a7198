"""Servers that the kernel can use, behind ports of its own.

redis_streams  the transport between databases
"""
